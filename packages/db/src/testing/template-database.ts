import { createHash } from 'node:crypto';
import { createDataSource, type DatabaseSchema } from '../connection/data-source.js';
import { runMigrations } from '../migrations/run-migrations.js';
import { asAdmin, type TestServer } from './test-server.js';

/** "Somebody is making a template": one process at a time per server. */
const LOCK = 7_224_701_181;

/** Name of a migrated database to clone, made when no run before left it. Another migration gives another name. */
export async function templateDatabase(server: TestServer, label: string, schema: DatabaseSchema): Promise<string> {
  const migrations = schema.migrations.map((Migration) => JSON.stringify(new Migration()));
  const hash = createHash('sha256').update(migrations.join('\n')).digest('hex').slice(0, 16);
  const name = `template_labelyard_${label}_${hash}`;
  await asAdmin(server, async (client) => {
    await client.query(`select pg_advisory_lock(${LOCK})`);
    const found = await client.query<{ datistemplate: boolean }>(
      `select datistemplate from pg_database where datname = $1`,
      [name],
    );
    if (found.rows[0]?.datistemplate) return;
    // Not marked: whoever began it was killed half-way.
    await client.query(`drop database if exists "${name}" with (force)`);
    await client.query(`create database "${name}"`);
    const dataSource = createDataSource(schema, { url: server.url(name), applicationName: 'template' });
    await dataSource.initialize();
    try {
      await runMigrations({ dataSource });
    } finally {
      await dataSource.destroy();
    }
    await client.query(`alter database "${name}" with is_template true`);
  });
  return name;
}
