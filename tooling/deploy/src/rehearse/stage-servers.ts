import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createClient } from '@labelyard/db';
import { ensureDatabases, startCluster } from '@labelyard/embedded-postgres';
import { createStorage, type StorageDriver } from '@labelyard/storage';
import { type S3TestServer, startLocalR2 } from '@labelyard/storage/testing';
import { YardError } from '../cli/yard-error.js';

/** What one side of the rehearsal lives on. */
export interface SideOptions {
  readonly storage: 'disk' | 's3';
  /** Superuser's URL of a Postgres server to use instead of one of our own; two databases are made on it. */
  readonly postgres?: string | undefined;
  /** An S3 server to use instead of a local R2; its buckets are there and empty, and are left so. */
  readonly s3?: S3TestServer | undefined;
}

/** How to end what was begun, the last first. */
export type Undo = (() => Promise<unknown>)[];

const OWNER = 'labelyard';
const DIRECTORY = 'labeler_directory';

/** Two databases and two roles, as every installation has them. Answers the variables that lead to them. */
export async function openDatabases(
  { postgres }: SideOptions,
  folder: string,
  undo: Undo,
): Promise<Record<string, string>> {
  const password = randomBytes(24).toString('base64url');
  const superuser = postgres ?? (await ownServer(folder, password, undo));
  // A given server may hold those of an earlier rehearsal.
  const suffix = postgres === undefined ? '' : `_${randomBytes(4).toString('hex')}`;
  const [labeler, user] = [`yard_labeler${suffix}`, `yard_user${suffix}`];
  const [owner, directory] = [`${OWNER}${suffix}`, `${DIRECTORY}${suffix}`];
  if (postgres !== undefined)
    undo.push(() => dropThem(postgres, { databases: [user, labeler], roles: [directory, owner] }));
  await ensureDatabases({
    url: superuser,
    roles: [owner, directory].map((name) => ({ name, password })),
    databases: [
      { name: user, owner, connect: [directory] },
      { name: labeler, owner },
    ],
  });
  return {
    LABELER_DB_URL: urlOf(superuser, labeler, owner, password),
    USER_DB_URL: urlOf(superuser, user, directory, password),
    USER_DB_ADMIN_URL: urlOf(superuser, user, owner, password),
    DB_SSL: 'disable',
  };
}

async function dropThem(
  url: string,
  { databases, roles }: { readonly databases: readonly string[]; readonly roles: readonly string[] },
): Promise<void> {
  const client = createClient({ url, applicationName: 'yard-rehearsal' });
  await client.connect();
  try {
    for (const name of databases) await client.query(`drop database if exists ${name} with (force)`);
    for (const name of roles) await client.query(`drop role if exists ${name}`);
  } finally {
    await client.end();
  }
}

async function ownServer(folder: string, password: string, undo: Undo): Promise<string> {
  const cluster = await startCluster({ dataDir: join(folder, 'postgres'), port: 0, superuser: 'postgres', password });
  undo.push(() => cluster.stop());
  return cluster.url('postgres');
}

function urlOf(server: string, database: string, user: string, password: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  url.username = user;
  url.password = password;
  return url.href;
}

/** A folder, or an S3 server. Answers the variables that lead to it. */
export async function openStorage(
  { storage, s3 }: SideOptions,
  folder: string,
  api: string,
  undo: Undo,
): Promise<Record<string, string>> {
  if (storage === 'disk')
    return {
      STORAGE_DRIVER: 'disk',
      DISK_ROOT: join(folder, 'objects'),
      DISK_PUBLIC_URL: api,
      DISK_SIGNING_SECRET: randomBytes(32).toString('base64url'),
    };
  const server = s3 ? await givenServer(s3, undo) : await ownR2(folder, undo);
  return {
    STORAGE_DRIVER: 's3',
    S3_ENDPOINT: server.endpoint,
    S3_ACCESS_KEY: server.access_key,
    S3_SECRET_KEY: server.secret_key,
    S3_REGION: server.region ?? 'auto',
    S3_BUCKET_DATASETS: server.buckets.datasets,
    S3_BUCKET_ANNOTATIONS: server.buckets.annotations,
  };
}

/** Buckets of somebody's server: taken when they are empty, and left empty. @throws YardError bad_input */
async function givenServer(server: S3TestServer, undo: Undo): Promise<S3TestServer> {
  const storage = createStorage({ driver: 's3', ...server });
  const buckets = [storage.datasets, storage.annotations];
  for (const driver of buckets)
    for await (const { key } of driver.list('')) {
      storage.close();
      throw new YardError(
        'bad_input',
        `The bucket "${driver.bucket}" at ${server.endpoint} is not empty: it has ${JSON.stringify(key)}.`,
        'A rehearsal empties its buckets when it is done: name two that are empty (S3_TEST_BUCKET_DATASETS, S3_TEST_BUCKET_ANNOTATIONS).',
      );
    }
  undo.push(async () => {
    for (const bucket of buckets) await bucket.deleteMany(keysOf(bucket));
    storage.close();
  });
  return server;
}

async function* keysOf(bucket: StorageDriver): AsyncGenerator<string> {
  for await (const { key } of bucket.list('')) yield key;
}

async function ownR2(folder: string, undo: Undo): Promise<S3TestServer> {
  const server = await startLocalR2({ dir: join(folder, 'r2') });
  undo.push(() => server.stop());
  return server;
}
