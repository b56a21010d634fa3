import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareCatalogs, sayDifference } from '../../src/database/catalog/compare-catalogs.js';
import { inspectDatabase } from '../../src/database/catalog/read-catalog.js';
import { chooseMethod, findClientPrograms } from '../../src/database/copy/client-programs.js';
import { copyDatabase, type CopyOptions } from '../../src/database/copy/copy-database.js';
import { dumpAndRestore } from '../../src/database/copy/dump-and-restore.js';
import { databaseIdentity } from '../../src/ends/open-ends.js';
import { newDatabase, type TestDatabase } from './databases.js';
import { fillZoo, listening, ZOO_PASSING } from './zoo.js';

let source: TestDatabase;
let target: TestDatabase;

beforeAll(async () => {
  source = await newDatabase();
  await fillZoo(source);
});
beforeEach(async () => {
  target = await newDatabase();
});
afterEach(() => target?.drop());
afterAll(() => source?.drop());

const copy = (options: Partial<CopyOptions> = {}) =>
  copyDatabase({
    source: source.options,
    target: target.options,
    passing: ZOO_PASSING,
    programs: null,
    report: listening(),
    ...options,
  });

const contents = async ({ query }: TestDatabase, table: string) =>
  query<{ row: string }>(`select row(t.*)::text as row from ${table} t order by 1`);

test('a copy has the same schema, rows and sequences, and nothing of what passes', async () => {
  const report = listening();
  expect(await copy({ report })).toMatchObject({ method: 'built-in', position: null });
  expect(report.lines.join('\n')).toContain('pg_dump and pg_restore are not on PATH');

  const [was, is] = await Promise.all([inspectDatabase(source.options), inspectDatabase(target.options)]);
  expect(compareCatalogs(was, is).map(sayDifference)).toEqual([]);
  for (const table of ['parents', 'children', 'by_text', 'by_uuid', 'keyless', '"Odd schema"."Table"'])
    expect(await contents(target, table)).toEqual(await contents(source, table));
  expect(await contents(target, 'passing')).toEqual([]);
  const estimates = `select relname as name, reltuples::integer as rows from pg_class where relname in ('parents', 'passing') order by 1`;
  expect(await target.query(estimates)).toEqual([
    { name: 'parents', rows: 199 },
    { name: 'passing', rows: -1 },
  ]);

  await target.query(`insert into parents (name) values ('next')`);
  await target.query(`insert into by_text (key) values ('next')`);
  await target.query(`insert into by_uuid default values`);
  const next = 'select max(id)::int as id, (select max(always) from by_uuid)::int as always from parents';
  expect(await target.query(next)).toEqual([{ id: 201, always: 200 }]);
  await expect(copy()).rejects.toThrow(/already holds a finished copy/u);
});

test('a target that holds anything, or is the source, is refused and left alone', async () => {
  await target.query('create function mine() returns integer language sql as $$ select 1 $$');
  await expect(copy()).rejects.toThrow(/is not empty: it has function public.mine\(\)/u);
  expect(await target.query('select mine() as still')).toEqual([{ still: 1 }]);
  const same = new URL(source.options.url);
  same.hostname = 'localhost';
  await expect(copy({ target: { ...source.options, url: same.href } })).rejects.toThrow(/are the same database/u);
});

test('an interrupted copy is cleaned up by the next one, and what somebody else put there is not', async () => {
  const interrupt = new AbortController();
  const report = { ...listening(), progress: () => interrupt.abort(new DOMException('SIGINT received', 'AbortError')) };
  await expect(copy({ signal: interrupt.signal, report })).rejects.toMatchObject({ name: 'AbortError' });

  await target.query('create table mine (id integer)');
  await expect(copy()).rejects.toThrow(/is not empty: it has table mine/u);
  await target.query('drop table mine');
  await copy();
  expect(await contents(target, 'by_text')).toEqual(await contents(source, 'by_text'));
});

test('a connection that breaks says which side it was; running again is enough', async () => {
  let cutting: Promise<unknown> | undefined;
  const cut = () =>
    void (cutting ??= target.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    ));
  await expect(copy({ report: { ...listening(), progress: cut } })).rejects.toMatchObject({
    exit: 'unavailable',
    message: expect.stringContaining(databaseIdentity(target.options)),
    next: expect.stringContaining('run the same command'),
  });
  await copy();
});

test('of two copies into one target at once, from two machines, one is kept out and the other is whole', async () => {
  const [kept, out] = (await Promise.allSettled([copy(), copy()])).toSorted((a, b) => a.status.localeCompare(b.status));
  expect(kept).toMatchObject({ status: 'fulfilled' });
  expect(out).toMatchObject({
    status: 'rejected',
    reason: expect.objectContaining({
      message: expect.stringMatching(/already holds a finished copy|is being filled by another command/u) as string,
    }) as Error,
  });
  for (const table of ['children', 'by_text'])
    expect(await contents(target, table)).toEqual(await contents(source, table));
});

test('a disk that fills up half-way is told as such; with room it is begun anew', async () => {
  // What Postgres answers then, once the rows are there and their indexes are made.
  let filling: Promise<unknown> | undefined;
  const fill = () =>
    void (filling ??= target.query(`create function full_disk() returns event_trigger language plpgsql as $$
      begin raise exception 'could not extend file "base/1/2": No space left on device' using errcode = '53100'; end $$;
      create event trigger full_disk on ddl_command_start when tag in ('CREATE INDEX') execute function full_disk()`));
  await expect(copy({ report: { ...listening(), say: fill } })).rejects.toMatchObject({
    exit: 'failed',
    message: expect.stringMatching(/: its disk is full \(could not extend file/u),
    next: expect.stringContaining('larger volume'),
  });
  await filling;
  await target.query('drop event trigger full_disk; drop function full_disk()');
  await copy();
  expect(await contents(target, 'by_text')).toEqual(await contents(source, 'by_text'));
});

test('an extension that the target’s server does not offer is told before anything is made', async () => {
  const unusual = await newDatabase();
  try {
    // No extension is on one server and not on itself; a name that Postgres has never heard of is.
    await unusual.query('create extension btree_gin');
    await unusual.query(`update pg_extension set extname = 'postgis' where extname = 'btree_gin'`);
    await expect(copy({ source: unusual.options })).rejects.toMatchObject({
      exit: 'bad_input',
      message: expect.stringContaining('does not offer the extension postgis, which the source uses'),
      next: expect.stringContaining('server image'),
    });
    expect(await target.query(`select from pg_namespace where nspname = 'labelyard_move'`)).toEqual([]);
  } finally {
    await unusual.drop();
  }
});

test('what the target’s server cannot make is told before anything is made, with the statement', async () => {
  const unusual = await newDatabase();
  try {
    // A collation of one's own stays behind, as another server's would.
    await unusual.query(`create collation mine (locale = 'C'); create table late (id integer primary key);
      create table words (id integer primary key, word text collate mine)`);
    await expect(copy({ source: unusual.options })).rejects.toMatchObject({
      exit: 'bad_input',
      message: expect.stringMatching(
        /\(Postgres \d+\) cannot hold what the source \(Postgres \d+\) has: collation "public.mine" .*does not exist. It was asked: create table "public"."words"/u,
      ),
      next: expect.stringContaining('nothing was changed'),
    });
    expect(await target.query(`select from pg_namespace where nspname = 'labelyard_move'`)).toEqual([]);
    expect(await target.query(`select to_regclass('late') as late`)).toEqual([{ late: null }]);
  } finally {
    await unusual.drop();
  }
});

const at = (major: number) => ({ server_version: major * 10_000 });

test.each<[number | null, number, number, string]>([
  [null, 17, 17, 'built-in: pg_dump and pg_restore are not on PATH'],
  [15, 17, 17, 'built-in: pg_dump is 15, older than the source (17)'],
  [15, 15, 17, 'built-in: pg_restore is 15, older than the target (17)'],
  [18, 15, 15, 'built-in: pg_dump 18 writes settings that the older target (15) does not know'],
  [16, 16, 15, 'built-in: the target (15) is older than the source (16)'],
  [17, 15, 17, 'pg_dump: pg_dump 17 fits both servers (15 and 17)'],
])('with pg_dump %p, a source of %i and a target of %i are copied by %s', (major, from, to, expected) => {
  const programs =
    major === null ? null : { pg_dump: 'pg_dump', pg_restore: 'pg_restore', major, version: `pg_dump ${major}` };
  const { method, why } = chooseMethod(programs, at(from), at(to), []);
  expect(`${method}: ${why}`).toBe(expected);
});

test('programs get the password by their environment, never by an argument, and what they complain of is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'yard-programs-'));
  const program = `#!/bin/sh
    [ "$1" = --version ] && { echo "$(basename "$0") (PostgreSQL) 17.10"; exit 0; }
    echo "$(basename "$0") $* | $PGHOST $PGUSER $PGPASSWORD $PGSSLMODE $PGOPTIONS" >> "${folder}/heard"
    case "$*" in *--jobs*dbname*) echo 'pg_restore: error: could not write: No space left on device' >&2; exit 1;; esac`;
  for (const name of ['pg_dump', 'pg_restore']) await writeFile(join(folder, name), program, { mode: 0o700 });
  try {
    const programs = await findClientPrograms(folder);
    expect(programs).toMatchObject({ major: 17 });
    const end = (password: string) => ({ url: `postgres://me:${password}@db.example/yard`, applicationName: 'test' });
    const request = {
      snapshot: 'S',
      withoutRows: ['"public"."passing"'],
      jobs: 3,
      maintenanceMemoryMb: 64,
      say: () => undefined,
    };
    const begun = dumpAndRestore({
      ...request,
      source: end('p%40ss'),
      target: end('other'),
      programs: programs as never,
    });
    await expect(begun).rejects.toMatchObject({
      message: 'db.example:5432/yard: pg_restore: error: could not write: No space left on device',
      next: expect.stringContaining('larger volume'),
    });
    const heard = (await readFile(join(folder, 'heard'), 'utf8')).trim().split('\n');
    expect(heard).toHaveLength(3);
    for (const line of heard) {
      const [args, env] = line.split(' | ');
      expect(args).not.toMatch(/p@ss|other/u);
      expect(env).toMatch(/^db\.example me (?:p@ss|other) disable /u);
    }
    expect(heard[0]).toContain(
      '--snapshot=S --exclude-schema=labelyard_move --exclude-table-data="public"."passing" --no-owner --no-acl',
    );
    expect(heard[2]).toContain('maintenance_work_mem=64MB -c synchronous_commit=off');
  } finally {
    await rm(folder, { recursive: true });
  }
});
