import { setTimeout as delay } from 'node:timers/promises';
import { createLabelerDb, type LabelerDb } from '@labelyard/db';
import { createTestDatabases, type TestDatabases } from '@labelyard/db/testing';
import pg from 'pg';
import { createWriteStop } from '../../src/cutover/write-stop.js';
import { freeze, frozenAt, thaw } from '../../src/database/capture/freeze.js';
import { captureOn } from '../../src/database/capture/install-capture.js';
import { listening } from './zoo.js';

let databases: TestDatabases;
let db: LabelerDb;
const labeler = () => ({ url: databases.labelerUrl, applicationName: 'yard-test' });
const people = () => ({ url: databases.userUrl, applicationName: 'yard-test' });

beforeAll(async () => {
  databases = await createTestDatabases();
  db = await createLabelerDb(labeler());
  // The API makes the queue's tables; of them only this is looked at.
  await db.sql.run('create schema graphile_worker');
  await db.sql.run('create table graphile_worker._private_jobs (locked_at timestamptz)');
  for (const database of [labeler(), people()])
    await captureOn({ database, passing: new Set(['maintenance']), report: listening() });
});
afterAll(async () => {
  await db?.close();
  await databases?.close();
});

function writeStop(signal?: AbortSignal) {
  return createWriteStop({
    labeler: labeler(),
    databases: [labeler(), people()],
    freeze: (database) => freeze({ database, signal }),
    thaw: (database) => thaw({ database }),
    frozenAt,
    reason: 'moving',
  });
}

const states = async () => ({
  maintenance: (await db.maintenance.state()) !== null,
  labeler: (await frozenAt(labeler())) !== null,
  people: (await frozenAt(people())) !== null,
});
const OPEN = { maintenance: false, labeler: false, people: false };

test('writes are stopped everywhere, and open again everywhere', async () => {
  const { stop, open, stopped } = writeStop();
  expect(await stopped()).toBeNull();
  const { stopped_at } = await stop();
  expect(await states()).toEqual({ maintenance: true, labeler: true, people: true });
  expect(await stopped()).toEqual({ since: stopped_at, whole: true });
  expect(await stop()).toEqual({ stopped_at });
  await open();
  expect(await states()).toEqual(OPEN);
  expect(await stopped()).toBeNull();
});

test('a stop given up by Ctrl-C, while it waits for somebody who writes, keeps nobody out', async () => {
  const writer = new pg.Client({ connectionString: databases.userUrl });
  await writer.connect();
  try {
    await writer.query('begin');
    await writer.query('update users set id = id');
    const interrupted = new AbortController();
    const stopping = writeStop(interrupted.signal).stop();
    const ended = expect(stopping).rejects.toThrow('Ctrl-C');
    while ((await frozenAt(labeler())) === null) await delay(10);
    interrupted.abort(new Error('Ctrl-C'));
    await ended;
    expect(await states()).toEqual(OPEN);
    await writer.query('commit');
    expect(await states()).toEqual(OPEN);
  } finally {
    await writer.end();
  }
});

test.each([
  [
    'the API says maintenance',
    () => db.maintenance.begin({ reason: 'moving', expected_end: null, started_by: 'yard' }),
  ],
  ['one database refuses', () => freeze({ database: people() })],
])('a stop that was killed half way is known, and taken back: %s', async (_name, half) => {
  await half();
  const { open, stopped } = writeStop();
  expect(await stopped()).toEqual({ since: expect.any(String) as string, whole: false });
  await open();
  expect(await states()).toEqual(OPEN);
});

test('maintenance that somebody else began is no stop of a move', async () => {
  await db.maintenance.begin({ reason: 'cleaning', expected_end: null, started_by: 'somebody' });
  expect(await writeStop().stopped()).toBeNull();
  await db.maintenance.end();
});

test('whoever lets in waits for a stop that is just being made', async () => {
  const stopping = new pg.Client({ connectionString: databases.userUrl });
  await stopping.connect();
  try {
    const writer = new pg.Client({ connectionString: databases.userUrl });
    await writer.connect();
    await writer.query('begin');
    await writer.query('update users set id = id');
    const late = freeze({ database: people() });
    while (!(await waits(stopping))) await delay(10);
    const letIn = thaw({ database: people() });
    await delay(50);
    await writer.query('commit');
    await writer.end();
    await Promise.all([late, letIn]);
    expect(await frozenAt(people())).toBeNull();
  } finally {
    await stopping.end();
  }
});

/** Whether a freeze waits for a writer. */
async function waits(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_locks where locktype = 'advisory' and not granted and mode = 'ExclusiveLock'
      and database = (select oid from pg_database where datname = current_database())`,
  );
  return (rowCount ?? 0) > 0;
}
