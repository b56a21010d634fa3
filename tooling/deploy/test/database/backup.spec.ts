import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createStorage, type Storage } from '@labelyard/storage';
import { backupDatabase } from '../../src/database/backup/backup-database.js';
import { listBackups } from '../../src/database/backup/backup-store.js';
import { onlyTables } from '../../src/database/backup/critical-tables.js';
import { drillBackup, restoreBackup } from '../../src/database/backup/restore-backup.js';
import { inspectDatabase } from '../../src/database/catalog/read-catalog.js';
import { sayReport } from '../../src/database/verify/verify-report.js';
import { verifyDatabases } from '../../src/database/verify/verify-databases.js';
import { newDatabase, type TestDatabase } from './databases.js';
import { fillZoo, listening, ZOO_PASSING } from './zoo.js';

let source: TestDatabase;
let target: TestDatabase;
let storage: Storage;
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'yard-backups-'));
  storage = createStorage({ driver: 'disk', root, public_url: '', signing_secret: 's'.repeat(32) });
  source = await newDatabase();
  await fillZoo(source);
});
beforeEach(async () => {
  target = await newDatabase();
});
afterEach(() => target?.drop());
afterAll(async () => {
  await source?.drop();
  await rm(root, { recursive: true, force: true });
});

const backup = (now: string) =>
  backupDatabase({
    database: source.options,
    name: 'labeler',
    kind: 'full',
    bucket: storage.annotations,
    passing: ZOO_PASSING,
    programs: null,
    report: listening(),
    now: new Date(now),
  });
const restore = (id: string) =>
  restoreBackup({ id, bucket: storage.annotations, target: target.options, programs: null, report: listening() });

test('a backup is restored to the byte, and the same database gives the same backup', async () => {
  const { made } = await backup('2026-11-01T03:00:00Z');
  expect(made).toMatchObject({
    id: 'labeler/2026-11-01T03-00-00-000Z-full',
    format: 'yard archive',
    tool: 'yard archive 1 (pg_dump is not on PATH)',
    tables: expect.arrayContaining([
      { table: 'children', rows: 995 },
      { table: 'Odd schema.Table', rows: 2 },
    ]),
  });
  expect(made.tables.map(({ table }) => table)).not.toContain('passing');
  await restore(made.id);
  const report = await verifyDatabases({
    source: source.options,
    target: target.options,
    passing: ZOO_PASSING,
    report: listening(),
  });
  expect(sayReport(report)).toEqual([expect.stringContaining('are equal')]);
  const again = await backup('2026-11-01T04:00:00Z');
  expect(again).toMatchObject({ made: { sha256: made.sha256 }, dropped: [] });
  await expect(restore(again.made.id)).rejects.toThrow(/already holds a finished copy|is not empty/u);
});

test.each<[string, (bytes: Buffer) => Buffer, RegExp]>([
  [
    'one bit flipped',
    (bytes) => Buffer.concat([bytes.subarray(0, 99), Buffer.from([(bytes[99] ?? 0) ^ 1]), bytes.subarray(100)]),
    /is damaged: its SHA-256 is/u,
  ],
  ['the end cut off', (bytes) => bytes.subarray(0, -7), /is damaged: it has \d+ bytes, not \d+/u],
])('a backup with %s is refused before anything is touched', async (_what, damage, message) => {
  const { made } = await backup('2026-11-02T03:00:00Z');
  const bytes = await buffer((await storage.annotations.get(made.archive_key)).body);
  await storage.annotations.put(made.archive_key, damage(bytes), { content_type: 'application/octet-stream' });
  await expect(restore(made.id)).rejects.toThrow(message);
  expect((await inspectDatabase(target.options)).tables).toEqual([]);
  await expect(restore('labeler/never')).rejects.toThrow(/does not exist, or was never finished/u);
});

test('a drill restores into a database of its own and leaves none behind', async () => {
  const { made } = await backup('2026-11-03T03:00:00Z');
  const options = {
    id: made.id,
    bucket: storage.annotations,
    target: source.options,
    programs: null,
    report: listening(),
  };
  expect(await drillBackup(options)).toMatchObject({ id: made.id });
  expect(await source.query(`select from pg_database where datname like 'labelyard\\_drill%'`)).toEqual([]);
});

test('retention takes old backups of the same kind, manifest and archive', async () => {
  for (const hour of ['01', '02', '03']) await backup(`2026-11-04T${hour}:00:00Z`);
  await backup('2026-11-07T03:00:00Z');
  const left = (await listBackups(storage.annotations)).map(({ id }) => id);
  expect(left).toContain('labeler/2026-11-04T03-00-00-000Z-full');
  expect(left.filter((id) => id.includes('2026-11-04'))).toHaveLength(1);
  const keys: string[] = [];
  for await (const { key } of storage.annotations.list('backups/')) keys.push(key);
  expect(keys).toHaveLength(left.length * 2);
});

test('critical tables bring what their keys lead to, and no triggers', async () => {
  const part = onlyTables(await inspectDatabase(source.options), ['children']);
  expect(part.tables.map(({ name }) => name)).toEqual(['children', 'parents']);
  expect(part.sequences.map(({ name }) => name)).toEqual(['parents_id_seq']);
  expect(part.tables.flatMap(({ triggers }) => triggers)).toEqual([]);
  expect(onlyTables(await inspectDatabase(source.options), ['by_text']).tables.map(({ name }) => name)).toEqual([
    'by_text',
  ]);
});
