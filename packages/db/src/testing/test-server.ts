import { randomBytes } from 'node:crypto';
import { startTestCluster } from '@labelyard/embedded-postgres';
import pg from 'pg';

export interface TestServer {
  /** Connection URL of a database on the server (owner: superuser unless a login is given). */
  url(database: string, login?: { user: string; password: string }): string;
}

const servers = new Map<string, Promise<TestServer>>();

/** The test server of this process: started (or joined) once. `url` names one that is already there. */
export function testServer(url?: string): Promise<TestServer> {
  const key = url ?? '';
  let server = servers.get(key);
  if (!server) {
    server = startTestCluster({ url });
    servers.set(key, server);
  }
  return server;
}

/** Runs `work` with one connection to the server's maintenance database. */
export async function asAdmin<T>(server: TestServer, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  /** Fails, after dropping it all the same, when somebody still has a connection open. */
  drop(): Promise<void>;
}

export function randomName(prefix: string): string {
  return `${prefix}_${randomBytes(6).toString('hex')}`;
}

/** A new database: empty, or a copy of `template`. */
export async function newDatabase(options: { server: TestServer; template?: string }): Promise<TestDatabase> {
  const { server, template } = options;
  const name = randomName('test');
  const like = template ? `template "${template}" strategy file_copy` : '';
  await asAdmin(server, (client) => client.query(`create database "${name}" ${like}`));
  return { name, url: server.url(name), drop: () => asAdmin(server, (client) => dropDatabase(client, name)) };
}

/** An empty database on this process's test server. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return newDatabase({ server: await testServer() });
}

async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  try {
    // Waits a few seconds for connections that are just closing.
    await client.query(`drop database "${name}"`);
  } catch (error) {
    const open = await client.query<{ application_name: string; query: string }>(
      `select application_name, query from pg_stat_activity where datname = $1`,
      [name],
    );
    await client.query(`drop database if exists "${name}" with (force)`);
    const leaks = open.rows.map((row) => `${row.application_name}: ${row.query}`).join('\n');
    throw new Error(`Connections were left open to ${name}:\n${leaks}`, { cause: error });
  }
}
