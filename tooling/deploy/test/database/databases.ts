import { randomBytes } from 'node:crypto';
import type { DatabaseOptions } from '@labelyard/db';
import { startTestCluster } from '@labelyard/embedded-postgres';
import pg from 'pg';

export interface TestDatabase {
  readonly options: DatabaseOptions;
  readonly client: pg.Client;
  query<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Fails, after dropping it all the same, when somebody still has a connection open. */
  drop(): Promise<void>;
}

/** A fresh database on this machine's test server (or another one) with one connection to it. */
export async function newDatabase(like?: string, server?: { url(database: string): string }): Promise<TestDatabase> {
  const cluster = server ?? (await startTestCluster());
  const name = `deploy_${randomBytes(6).toString('hex')}`;
  await asAdmin(cluster.url('postgres'), `create database "${name}"${like ? ` template "${like}"` : ''}`);
  const options = { url: cluster.url(name), applicationName: 'yard-test' };
  const client = new pg.Client({ connectionString: options.url });
  await client.connect();
  return {
    options,
    client,
    query: async (sql, values) => (await client.query(sql, values)).rows,
    async drop() {
      await client.end();
      await asAdmin(cluster.url('postgres'), `drop database "${name}"`).catch(async (error: unknown) => {
        await asAdmin(cluster.url('postgres'), `drop database if exists "${name}" with (force)`);
        throw error;
      });
    },
  };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** The same database through another login. */
export function asRole({ options }: TestDatabase, user: string, password: string): DatabaseOptions {
  const url = new URL(options.url);
  Object.assign(url, { username: user, password });
  return { ...options, url: url.href };
}
