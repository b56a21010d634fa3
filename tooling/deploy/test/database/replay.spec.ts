import { captureStatus } from '../../src/database/capture/capture-status.js';
import { freeze, thaw } from '../../src/database/capture/freeze.js';
import { captureOff, captureOn } from '../../src/database/capture/install-capture.js';
import { copyDatabase } from '../../src/database/copy/copy-database.js';
import { catchUp, finishReplay, follow } from '../../src/database/replay/replay.js';
import { sayReport } from '../../src/database/verify/verify-report.js';
import { verifyDatabases } from '../../src/database/verify/verify-databases.js';
import { asRole, newDatabase, type TestDatabase } from './databases.js';
import { startWriters } from './writers.js';
import { fillZoo, listening, ZOO_PASSING } from './zoo.js';

let source: TestDatabase;
let target: TestDatabase;

beforeEach(async () => {
  [source, target] = await Promise.all([newDatabase(), newDatabase()]);
  await fillZoo(source);
});
afterEach(async () => {
  await Promise.all([source?.drop(), target?.drop()]);
});

const on = (database: TestDatabase) =>
  captureOn({ database: database.options, passing: ZOO_PASSING, report: listening() });
const ends = () => ({ source: source.options, target: target.options, report: listening() });
const copy = () => copyDatabase({ ...ends(), passing: ZOO_PASSING, programs: null });
const differences = async () => {
  const report = await verifyDatabases({ ...ends(), passing: ZOO_PASSING });
  return report.equal ? [] : sayReport(report);
};

test('nothing is lost or doubled between writers that never stop, a copy, a freeze and the way back', async () => {
  const writers = await startWriters(source.options, 4);
  try {
    await on(source);
    await copy();
    // The way back is laid before anybody uses the new side.
    await on(target);
    await follow({ source: target.options, target: source.options });
    await catchUp(ends());
    await writers.written(60);
    const { frozen_at } = await freeze({ database: source.options });
    const final = await finishReplay(ends());
    expect(final).toMatchObject({ changes_left: 0, frozen_at });
    expect(await differences()).toEqual([]);
  } finally {
    await writers.stop();
  }
  expect(writers.refused()).toBeGreaterThan(0);
  expect(writers.unexpected()).toEqual([]);
  expect(await writers.lost(target.options)).toEqual([]);

  // And back: the new side is written to, then everything of it returns.
  const later = await startWriters(target.options, 2);
  await later.written(20);
  await freeze({ database: target.options });
  await later.stop();
  await finishReplay({ source: target.options, target: source.options, report: listening() });
  expect(await differences()).toEqual([]);
  expect(await later.lost(source.options)).toEqual([]);

  // And there again without a second copy: both follow each other, and neither logs what it takes over.
  await thaw({ database: source.options });
  await source.query(`update parents set changes = -1 where id = 4`);
  await freeze({ database: source.options });
  await finishReplay(ends());
  expect(await differences()).toEqual([]);
}, 60_000);

test('sequences follow with every pass, so that both sides can be compared before writes are stopped', async () => {
  await on(source);
  await copy();
  await source.query(`insert into by_text (key) values ('one'), ('two')`);
  await catchUp(ends());
  expect(await differences()).toEqual([]);
});

test('a change committed late, under an early number, is taken over', async () => {
  const late = await newDatabaseClient(source);
  await on(source);
  await late.query('begin');
  await late.query(`insert into by_text (key, value) values ('late', 1)`);
  await source.query(`insert into by_text (key, value) values ('early', 2)`);
  await copy();
  await source.query(`insert into by_text (key, value) values ('after', 3)`);
  expect(await catchUp(ends())).toMatchObject([{ keys: 1 }]);
  await late.query('commit');
  await late.end();
  expect(await catchUp(ends())).toMatchObject([{ keys: 1 }]);
  expect(await target.query(`select key from by_text where value < 4 and key !~ 'key' order by key`)).toEqual([
    { key: 'after' },
    { key: 'early' },
    { key: 'late' },
  ]);
  await source.query(`delete from by_text where key = 'late'`);
  await catchUp(ends());
  expect(await differences()).toEqual([]);
});

test('every kind of change is taken over: keys that change, values that swap, cascades, a truncate, a table without a key', async () => {
  await on(source);
  await copy();
  await source.query(`
    update parents set name = 'aside' where id = 1; update parents set name = 'parent 1' where id = 2;
    update parents set name = 'parent 2' where id = 1;
    update children set n = n + 100 where parent_id = 3;
    insert into parents (name, mood) values ('new', '야호');
    insert into children (parent_id, n, document) select max(id), 1, '{"a":  1}' from parents;
    update parents set boss_id = 150 where id = 150;
    delete from parents where id = 199;
    truncate by_uuid;
    insert into by_uuid default values;
    update keyless set line = 'changed' where line = 'one';
    update "Odd schema"."Table" set note = null where "Id" = 9007199254740993;
    insert into passing values ('else', 1)`);
  await catchUp(ends());
  await freeze({ database: source.options });
  await finishReplay(ends());
  expect(await differences()).toEqual([]);
  expect(await target.query('select count(*)::int as n from passing')).toEqual([{ n: 0 }]);
});

test('a role that may not switch keys and triggers off gets the same, and keys stay checked', async () => {
  await target.query(`create role plain_owner login password 'plain' ; grant all on schema public to plain_owner`);
  await target.query(
    `do $$ begin execute format('grant all on database %I to plain_owner', current_database()); end $$`,
  );
  const plain = asRole(target, 'plain_owner', 'plain');
  try {
    await on(source);
    await copyDatabase({
      source: source.options,
      target: plain,
      passing: ZOO_PASSING,
      programs: null,
      report: listening(),
    });
    await source.query(`delete from parents where id in (190, 191); update children set amount = 9 where parent_id = 7;
      insert into parents (name) values ('new'); truncate by_uuid; update by_text set value = value - 1`);
    await freeze({ database: source.options });
    await finishReplay({ source: source.options, target: plain, report: listening() });
    expect(await differences()).toEqual([]);
  } finally {
    await target.query('drop owned by plain_owner cascade; drop role plain_owner');
  }
});

test('a freeze refuses writes, also of transactions that began before it, and lets go again', async () => {
  await on(source);
  const old = await newDatabaseClient(source);
  await old.query('begin isolation level repeatable read');
  await old.query('select count(*) from parents');
  await freeze({ database: source.options });
  await expect(source.query(`update parents set changes = 1`)).rejects.toMatchObject({ code: 'LY503' });
  await expect(source.query(`truncate by_uuid`)).rejects.toMatchObject({ code: 'LY503' });
  await expect(old.query(`insert into by_text values ('late', 1)`)).rejects.toMatchObject({ code: '40001' });
  await source.query(`update passing set hits = 8`);
  await source.query(`select * from parents for share`);
  await old.end();
  expect(await captureStatus(source.options, ZOO_PASSING)).toMatchObject({
    state: 'on',
    frozen_at: expect.any(String),
  });
  await expect(captureOff({ database: source.options, report: listening() })).rejects.toThrow(
    /Writes to .* are stopped/u,
  );
  await thaw({ database: source.options });
  await source.query(`update parents set changes = 1`);
});

test('a freeze that cannot begin says who writes, and stops nobody', async () => {
  await on(source);
  const writer = await newDatabaseClient(source);
  await writer.query('begin');
  await writer.query(`update parents set changes = 1 where id = 1`);
  await expect(freeze({ database: source.options, waitMs: 50 })).rejects.toThrow(
    /still writes .*slow-writer.*update parents/u,
  );
  await source.query(`update parents set changes = 1 where id = 2`);
  await writer.end();
});

test('a capture goes in while a table is in use, and away without a trace', async () => {
  const before = await source.query('select tgname from pg_trigger order by 1');
  const reader = await newDatabaseClient(source);
  await reader.query('begin');
  await reader.query(`update children set amount = 2 where parent_id = 1`);
  const options = { database: source.options, passing: ZOO_PASSING, report: listening(), lockTimeoutMs: 20 };
  await expect(captureOn({ ...options, attempts: 2 })).rejects.toThrow(
    /children .* stays in use \(process \d+, slow-writer/u,
  );
  expect(await captureStatus(source.options, ZOO_PASSING)).toMatchObject({
    state: 'partial',
    missing: expect.arrayContaining(['children']),
  });
  await reader.query('commit');
  await reader.end();
  const { tables } = await captureOn(options);
  expect(tables).toBe(6);
  expect(await captureStatus(source.options, ZOO_PASSING)).toMatchObject({
    state: 'on',
    missing: [],
    tables: 6,
    frozen_at: null,
  });
  await captureOff({ database: source.options, report: listening() });
  expect(await source.query('select tgname from pg_trigger order by 1')).toEqual(before);
  expect(await source.query(`select from pg_namespace where nspname = 'labelyard_move'`)).toEqual([]);
});

test('a role with no right but to its table writes through the capture', async () => {
  await source.query(
    `create role humble login password 'humble'; grant insert on by_text to humble; grant usage on sequence by_text_value_seq to humble`,
  );
  try {
    await on(source);
    const client = await newDatabaseClient(source, asRole(source, 'humble', 'humble').url);
    await client.query(`insert into by_text (key) values ('mine')`);
    await expect(client.query('select from labelyard_move.changes')).rejects.toMatchObject({ code: '42501' });
    await client.end();
    expect(await source.query(`select table_name, key, operation from labelyard_move.changes`)).toEqual([
      { table_name: '"public"."by_text"', key: { key: 'mine' }, operation: 'i' },
    ]);
  } finally {
    await source.query('drop owned by humble; drop role humble');
  }
});

test('a target that never followed this capture is refused', async () => {
  await copy();
  await on(source);
  await expect(catchUp(ends())).rejects.toThrow(/is no copy of .* made while its changes were captured/u);
  await expect(finishReplay(ends())).rejects.toThrow(/are not stopped/u);
});

async function newDatabaseClient(database: TestDatabase, url = database.options.url) {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: url, application_name: 'slow-writer' });
  await client.connect();
  return client;
}
