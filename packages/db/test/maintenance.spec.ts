import { once } from 'node:events';
import type pg from 'pg';
import { createClient, PASSING_TABLES, type LabelerDb } from '../src/index.js';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import { newDataset } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(() => databases.close());

test('is on while its one row is there; beginning again changes the words, not the beginning', async () => {
  expect(await db.maintenance.state()).toBeNull();
  const begun = await db.maintenance.begin({ reason: 'Moving 이사', expected_end: null, started_by: 'yard' });
  expect(begun).toEqual({
    reason: 'Moving 이사',
    expected_end: null,
    started_by: 'yard',
    started_at: expect.any(String),
  });
  const expected_end = '2040-01-02T03:04:05.000Z';
  const longer = await db.maintenance.begin({ reason: 'Takes longer', expected_end, started_by: 'user-1' });
  expect(longer).toEqual({ ...begun, reason: 'Takes longer', expected_end });
  expect(await db.maintenance.state()).toEqual(longer);
  expect(await db.maintenance.end()).toEqual(longer);
  expect(await db.maintenance.end()).toBeNull();
  expect(await db.maintenance.state()).toBeNull();
});

test('two that begin at once make one maintenance; no reason is no maintenance', async () => {
  const begin = (reason: string) => db.maintenance.begin({ reason, expected_end: null, started_by: 'x' });
  await Promise.all([begin('a'), begin('b'), begin('c')]);
  expect(await db.sql.one('select count(*) as n from maintenance')).toEqual({ n: 1 });
  await expect(begin('')).rejects.toMatchObject({ code: 'validation_failed' });
  await db.maintenance.end();
});

test('beginning, changing and ending it is told to whoever listens, also when plain SQL does it', async () => {
  const client = createClient({ url: databases.labelerUrl, applicationName: 'listener' });
  await client.connect();
  await client.query('listen labelyard_events');
  const heard = async (change: () => Promise<unknown>) => {
    const notified = once(client, 'notification') as Promise<[pg.Notification]>;
    await change();
    return (await notified)[0].payload;
  };
  const begin = (reason: string) => db.maintenance.begin({ reason, expected_end: null, started_by: 'yard' });
  expect(await heard(() => begin('one'))).toBe('maintenance');
  expect(await heard(() => begin('two'))).toBe('maintenance');
  expect(await heard(() => db.sql.run('delete from maintenance'))).toBe('maintenance');
  await client.end();
});

test('a write refused by a guard trigger is told as maintenance, and nothing of its transaction stays', async () => {
  await db.sql.run(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'frozen' using errcode = 'LY503'; end $$`);
  await db.sql.run(
    `create trigger guard before insert on annotation_projects for each statement execute function refuse()`,
  );
  await expect(newDataset(db)).rejects.toMatchObject({ code: 'maintenance' });
  expect(await db.sql.one('select count(*) as n from datasets')).toEqual({ n: 0 });
});

test('the tables that stay writable exist', async () => {
  const rows = await db.sql.rows<{ name: string }>(
    `select c.relname as name from pg_class c where c.oid = any (select to_regclass(t) from unnest($1::text[]) t)`,
    [Object.keys(PASSING_TABLES)],
  );
  expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(PASSING_TABLES).sort());
});
