import {
  type DatabaseEnv,
  defineEnv,
  type EnvFragment,
  labelerDbAdminEnv,
  storageEnv,
  userDbAdminEnv,
} from '@labelyard/config';
import type { DatabaseOptions } from '@labelyard/db';
import { PASSING_TABLES } from '@labelyard/db/passing-tables';
import type { StorageOptions } from '@labelyard/storage';
import type { Profile } from '../profiles/profile.js';

/** Which of an installation's two databases. */
export const DATABASES = ['labeler', 'user'] as const;
export type DatabaseName = (typeof DATABASES)[number];

/** Which of its two buckets. */
export const BUCKETS = ['datasets', 'annotations'] as const;
export type BucketName = (typeof BUCKETS)[number];

/** Work of hours runs without a limit; whatever must not wait sets its own. */
const NO_LIMIT = { statementTimeoutMs: 0, idleInTransactionTimeoutMs: 0 };

/** How yard connects to the Labeler DB of an environment: as the role that may change its schema. @throws EnvError */
export function labelerDatabase(profile: Profile): DatabaseOptions {
  return options(read(labelerDbAdminEnv, profile));
}

/** The same for the User DB; null where it belongs to the Platform (USER_DB_MANAGED is not set). @throws EnvError */
export function userDatabase(profile: Profile): DatabaseOptions | null {
  const env = read(userDbAdminEnv, profile);
  return env && options(env);
}

export function databaseOf(profile: Profile, name: DatabaseName): DatabaseOptions | null {
  return name === 'labeler' ? labelerDatabase(profile) : userDatabase(profile);
}

/** Tables of a database that hold only what passes: not guarded, not captured, not compared. */
export function passingTables(name: DatabaseName): ReadonlySet<string> {
  return new Set(name === 'labeler' ? Object.keys(PASSING_TABLES) : []);
}

/** What `createStorage` takes for an environment. @throws EnvError */
export function storageOf(profile: Profile): StorageOptions {
  return read(storageEnv, profile);
}

function read<T>(fragment: EnvFragment<T>, profile: Profile): T {
  return defineEnv({ value: fragment }, profile.env).value;
}

function options(env: DatabaseEnv): DatabaseOptions {
  return { ...env, applicationName: 'yard', ...NO_LIMIT };
}

/** Server and database, without the role and its password: two that are equal are one database. */
export function databaseIdentity({ url }: Pick<DatabaseOptions, 'url'>): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || '5432'}${decodeURIComponent(pathname)}`;
}

/** Where a bucket is, without credentials: two that are equal are one bucket. */
export function bucketIdentity(storage: StorageOptions, bucket: BucketName): string {
  if (storage.driver === 'disk') return `disk:${storage.root}/${storage.buckets?.[bucket] ?? bucket}`;
  return `${storage.endpoint.replace(/\/+$/u, '')}/${storage.buckets[bucket]}`;
}
