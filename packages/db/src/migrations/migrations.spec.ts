import { createDataSource, poolOf } from '../connection/data-source.js';
import { LABELER_SCHEMA, USER_SCHEMA } from '../schemas.js';
import { pendingMigrations, runMigrations, undoLastMigration } from './run-migrations.js';
import { SqlMigration } from './sql-migration.js';
import { emptyDatabase } from '../testing/test-server.js';

describe.each([
  ['labeler', LABELER_SCHEMA],
  ['user', USER_SCHEMA],
])('migrations of the %s database', (name, schema) => {
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  let dataSource: ReturnType<typeof createDataSource>;

  beforeAll(async () => {
    database = await emptyDatabase();
    dataSource = await createDataSource(schema, { url: database.url, applicationName: name }).initialize();
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  const objects = async () =>
    (
      await poolOf(dataSource).query<{ object: string }>(
        `select c.relkind::text || ' ' || c.relname as object from pg_class c
          where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'i', 'S')
        union all select 'f ' || p.proname from pg_proc p
          where p.pronamespace = 'public'::regnamespace
            and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
        union all select 'c ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
          where connamespace = 'public'::regnamespace
        union all select 't ' || tgname from pg_trigger where not tgisinternal
        order by 1`,
      )
    ).rows.map((row) => row.object);

  test('go up, down and up again to the same schema', async () => {
    const names = schema.migrations.map((migration) => new migration().name);
    expect(await pendingMigrations({ dataSource })).toEqual(names);
    const lines: string[] = [];
    const first = await runMigrations({ dataSource }, { log: (line) => lines.push(line) });
    expect(first).toEqual({ applied: names, revision: names.at(-1) });
    expect(lines).toEqual(names.map((migration) => `migrated ${migration}`));
    expect(await pendingMigrations({ dataSource })).toEqual([]);
    const up = await objects();

    for (const migration of [...names].reverse()) expect(await undoLastMigration({ dataSource })).toBe(migration);
    expect(await undoLastMigration({ dataSource })).toBeNull();
    expect((await objects()).filter((object) => !/typeorm_metadata|schema_migrations|PK_/u.test(object))).toEqual([]);

    await runMigrations({ dataSource });
    expect(await objects()).toEqual(up);
  });

  test('leave nothing for TypeORM to change: entities and tables agree', async () => {
    await runMigrations({ dataSource });
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);

    // The comparison sees a difference when there is one.
    const table = dataSource.entityMetadatas[0]?.tableName;
    await poolOf(dataSource).query(`alter table ${table} alter column name drop not null`);
    const drift = await dataSource.driver.createSchemaBuilder().log();
    expect(drift.upQueries.length).toBeGreaterThan(0);
    await poolOf(dataSource).query(`alter table ${table} alter column name set not null`);
  });

  test('name every constraint and index', async () => {
    const unnamed = (await objects()).filter((object) =>
      /^(i|c) .*(_pkey|_key|_fkey|_check|_idx|[PURIX][A-Z]+_[0-9a-f]{10,})\b/u.test(object),
    );
    // TypeORM's own bookkeeping.
    expect(unnamed.filter((object) => !/PK_[0-9a-f]{27}/u.test(object))).toEqual([]);
  });

  test('run once however many processes start them', async () => {
    const fresh = await emptyDatabase();
    const sources = await Promise.all(
      Array.from({ length: 4 }, () =>
        createDataSource(schema, { url: fresh.url, applicationName: name, pool: { max: 3 } }).initialize(),
      ),
    );
    try {
      const reports = await Promise.all(sources.map((source) => runMigrations({ dataSource: source })));
      expect(reports.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 0, schema.migrations.length]);
    } finally {
      await Promise.all(sources.map((source) => source.destroy()));
      await fresh.drop();
    }
  });
});

describe('a migration that cannot get its table', () => {
  class First extends SqlMigration {
    readonly name = 'First1700000000001';
    protected readonly forwards = [`create table things (id bigint)`];
    protected readonly backwards = [`drop table things`];
  }
  class Second extends SqlMigration {
    readonly name = 'Second1700000000002';
    protected readonly forwards = [`create table others (id bigint)`, `alter table things add column name text`];
    protected readonly backwards = [`alter table things drop column name`, `drop table others`];
  }

  test('gives up instead of queueing everybody behind it, and can be run again', async () => {
    const fresh = await emptyDatabase();
    const options = { url: fresh.url, applicationName: 'migrations' };
    const before = await createDataSource({ entities: [], migrations: [First] }, options).initialize();
    const after = await createDataSource({ entities: [], migrations: [First, Second] }, options).initialize();
    try {
      await runMigrations({ dataSource: before });
      const reader = await poolOf(before).connect();
      await reader.query('begin; lock table things in access share mode');
      await expect(runMigrations({ dataSource: after }, { lockTimeoutMs: 50 })).rejects.toMatchObject({
        code: 'database_unavailable',
      });
      expect(await pendingMigrations({ dataSource: after })).toEqual(['Second1700000000002']);
      await reader.query('commit');
      reader.release();
      expect((await runMigrations({ dataSource: after })).applied).toEqual(['Second1700000000002']);
    } finally {
      await Promise.all([before.destroy(), after.destroy()]);
      await fresh.drop();
    }
  });
});
