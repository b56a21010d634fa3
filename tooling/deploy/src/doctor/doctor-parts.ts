import {
  type DatabaseEnv,
  defineEnv,
  EnvError,
  type EnvFragment,
  type EnvSource,
  labelerDbEnv,
  storageEnv,
  userDbEnv,
} from '@labelyard/config';
import { createPool } from '@labelyard/db/plain-connections';
import { createStorage, type Storage, type StorageOptions } from '@labelyard/storage';
import type pg from 'pg';
import { explainDatabaseError } from '../database/database-error.js';
import type { DatabaseName } from '../ends/open-ends.js';
import { Skip } from './check.js';

/** A query's rows. */
export type Rows = <Row extends object>(sql: string, values?: readonly unknown[]) => Promise<readonly Row[]>;

/** What checks look at, opened when first asked for and shared by all of them. */
export interface DoctorParts {
  /** How the API connects. @throws Skip when the environment does not say */
  databaseEnv(name: DatabaseName): DatabaseEnv;
  /** Connects as the API does. @throws YardError, which tells why not */
  connect(name: DatabaseName): Promise<pg.Pool>;
  /** Queries, for checks that are about something else. @throws Skip when there is no connection */
  rows(name: DatabaseName): Promise<Rows>;
  /** @throws Skip when the environment does not say where it is */
  storage(): { readonly options: StorageOptions; readonly storage: Storage };
  close(): Promise<void>;
}

const FRAGMENTS: Readonly<Record<DatabaseName, EnvFragment<DatabaseEnv>>> = { labeler: labelerDbEnv, user: userDbEnv };
/** The checks of one database at a time. */
const CONNECTIONS = 2;
const CONNECT_MS = 10_000;
const QUERY_MS = 15_000;

/** Nothing is contacted before a check asks. */
export function openParts(env: EnvSource): DoctorParts {
  const pools = new Map<DatabaseName, Promise<pg.Pool>>();
  let opened: ReturnType<DoctorParts['storage']> | undefined;
  const databaseEnv = (name: DatabaseName) => read(FRAGMENTS[name], env);
  const connect = (name: DatabaseName) => {
    const known = pools.get(name);
    if (known) return known;
    const connecting = open(databaseEnv(name));
    connecting.catch(() => undefined);
    pools.set(name, connecting);
    return connecting;
  };
  return {
    databaseEnv,
    connect,
    async rows(name) {
      const pool = await connect(name).catch(() => {
        throw new Skip(`The ${name === 'labeler' ? 'Labeler' : 'User'} DB cannot be reached.`);
      });
      return async (sql, values) => (await pool.query(sql, values as unknown[])).rows as never;
    },
    storage() {
      const options: StorageOptions = read(storageEnv, env);
      return (opened ??= { options, storage: createStorage(options) });
    },
    async close() {
      opened?.storage.close();
      for (const pool of await Promise.allSettled(pools.values()))
        if (pool.status === 'fulfilled') await pool.value.end();
    },
  };
}

async function open(env: DatabaseEnv): Promise<pg.Pool> {
  const options = {
    ...env,
    applicationName: 'yard doctor',
    pool: { acquireTimeoutMs: CONNECT_MS },
    statementTimeoutMs: QUERY_MS,
  };
  const pool = createPool(options, CONNECTIONS);
  try {
    (await pool.connect()).release();
    return pool;
  } catch (error) {
    await pool.end();
    throw explainDatabaseError(error, options);
  }
}

/** What is wrong is told by the check of the variables. */
function read<T>(fragment: EnvFragment<T>, env: EnvSource): T {
  try {
    return defineEnv({ value: fragment }, env).value;
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    throw new Skip(`The environment does not say: ${error.problems.join('; ')}`);
  }
}
