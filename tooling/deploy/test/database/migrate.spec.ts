import { migrateDatabase } from '../../src/database/migrate/migrate-database.js';
import { slowStatements } from '../../src/database/slow-statements.js';
import { newDatabase, type TestDatabase } from './databases.js';
import { listening } from './zoo.js';

let database: TestDatabase;

beforeAll(async () => {
  database = await newDatabase();
});
afterAll(() => database?.drop());

const migrate = (options: { large?: number; allowUnsafe?: boolean; dryRun?: boolean } = {}) =>
  migrateDatabase({
    database: database.options,
    name: 'labeler',
    large: 100_000,
    allowUnsafe: false,
    report: listening(),
    ...options,
  });

test('an empty database gets the whole schema, and nothing the second time', async () => {
  const planned = await migrate({ dryRun: true });
  expect(planned.pending.length).toBeGreaterThan(10);
  expect(planned.unsafe).toEqual([]);
  expect(await migrate()).toMatchObject({ applied: planned.pending, revision: planned.pending.at(-1) });
  expect(await migrate()).toMatchObject({ pending: [], applied: [] });
});

test('what an older program or a large table cannot bear is refused by name', async () => {
  await database.query(
    `delete from schema_migrations where name ~ '^History'; insert into audit_log (action) values ('a'); analyze audit_log`,
  );
  await expect(migrate({ large: 1 })).rejects.toThrow(/pending statements are unsafe/u);
  const { unsafe } = await migrate({ large: 1, dryRun: true });
  expect(unsafe).toContainEqual(
    expect.objectContaining({ table: 'audit_log', why: expect.stringContaining('concurrently') }),
  );
  await database.query(`insert into schema_migrations (timestamp, name) select 1763800000011, 'History1763800000011'`);
});

test('an index that went missing is named', async () => {
  await database.query('drop index ix_annotations_class_id');
  await expect(migrate()).rejects.toThrow(/missing or invalid: index ix_annotations_class_id of annotations/u);
});

test('slow statements: a server without the library says so', async () => {
  expect(await slowStatements(database.options, 5)).toEqual({ state: 'off' });
});
