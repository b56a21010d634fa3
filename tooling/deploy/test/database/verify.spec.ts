import { copyDatabase } from '../../src/database/copy/copy-database.js';
import { sayReport } from '../../src/database/verify/verify-report.js';
import { verifyDatabases } from '../../src/database/verify/verify-databases.js';
import { newDatabase, type TestDatabase } from './databases.js';
import { fillZoo, listening, ZOO_PASSING } from './zoo.js';

let source: TestDatabase;
let target: TestDatabase;

beforeAll(async () => {
  [source, target] = await Promise.all([newDatabase(), newDatabase()]);
  await fillZoo(source);
  const ends = { source: source.options, target: target.options };
  await copyDatabase({ ...ends, passing: ZOO_PASSING, programs: null, report: listening() });
});
afterAll(() => Promise.all([source?.drop(), target?.drop()]));

const verify = (most = 10) =>
  verifyDatabases({ source: source.options, target: target.options, passing: ZOO_PASSING, most, report: listening() });

/** Runs `sql` on the target, compares, and undoes it by `undo`. */
async function after(sql: string, undo: string, most?: number) {
  await target.query(`set session_replication_role = replica; ${sql}`);
  try {
    return await verify(most);
  } finally {
    await target.query(`set session_replication_role = replica; ${undo}`);
  }
}

test('a fresh copy is equal, in every row', async () => {
  const report = await verify();
  expect(sayReport(report)).toEqual([expect.stringMatching(/are equal: 1,\d{3} rows in 6 tables/u)]);
  expect(report.equal).toBe(true);
  expect(report.tables.find(({ table }) => table === 'children')).toMatchObject({ source_rows: 995, target_rows: 995 });
});

test.each<[string, string, string, string[]]>([
  [
    'one altered byte',
    `update children set document = '{"n" : 3, "ä" : "한금"}' where parent_id = 77 and n = 3`,
    `update children set document = '{"n" : 3, "ä" : "한글"}' where parent_id = 77 and n = 3`,
    ['table children differs: 995 rows on either side', '  parent_id = 77, n = 3: changed in document'],
  ],
  [
    'a trailing zero and the sign of a zero',
    `update children set exact = 5.0, size = 0.0 where parent_id = 5 and n = 2`,
    `update children set exact = 5.00, size = '-0' where parent_id = 5 and n = 2`,
    ['table children differs: 995 rows on either side', '  parent_id = 5, n = 2: changed in exact, size'],
  ],
  [
    'NaN that became nothing',
    `update children set size = null where parent_id = 5 and n = 1`,
    `update children set size = 'NaN' where parent_id = 5 and n = 1`,
    ['table children differs: 995 rows on either side', '  parent_id = 5, n = 1: changed in size'],
  ],
  [
    'values swapped between two rows',
    `update by_text set value = case key when 'key 9' then 10 else 9 end where key in ('key 9', 'key 10')`,
    `update by_text set value = case key when 'key 9' then 9 else 10 end where key in ('key 9', 'key 10')`,
    [
      'table by_text differs: 300 rows on either side',
      '  key = key 9: changed in value',
      '  key = key 10: changed in value',
    ],
  ],
  [
    'a missing row under a text key',
    `alter table by_text disable trigger all; delete from by_text where key = 'key 123'`,
    `insert into by_text values ('key 123', 123); alter table by_text enable trigger all; alter table by_text disable trigger switched_off`,
    ['table by_text differs: 300 rows in the source, 299 in the target', '  key = key 123: missing in the target'],
  ],
  [
    'an extra row, keys beyond 2^53',
    `insert into "Odd schema"."Table" values (9007199254740995, 'c')`,
    `delete from "Odd schema"."Table" where "Id" = 9007199254740995`,
    [
      'table Odd schema.Table differs: 2 rows in the source, 3 in the target',
      '  Id = 9007199254740995: extra in the target',
    ],
  ],
  [
    'a change where nothing names the row',
    `update keyless set line = 'three' where line = 'one'`,
    `update keyless set line = 'one' where line = 'three'`,
    ['table keyless differs: 3 rows on either side', '  it has no primary key to name the rows by'],
  ],
  [
    'a sequence behind',
    `select setval('parents_id_seq', 3)`,
    `select setval('parents_id_seq', 200)`,
    ['sequence parents_id_seq would give 4 next, but parents.id goes up to 199 already'],
  ],
  [
    'an invalid index',
    `update pg_index set indisvalid = false where indexrelid = 'ix_children_at'::regclass`,
    `update pg_index set indisvalid = true where indexrelid = 'ix_children_at'::regclass`,
    [
      expect.stringMatching(/^index ix_children_at of children is .*\(invalid\)/u),
      'index ix_children_at of children is invalid: Postgres does not use it; reindex it',
    ],
  ],
  [
    'a dropped constraint',
    `alter table children drop constraint ck_children_size`,
    `alter table children add constraint ck_children_size check (size <> 13.5)`,
    [expect.stringMatching(/^constraint ck_children_size of children is missing in the target/u)],
  ],
  [
    'a constraint that was never checked',
    `alter table children drop constraint ck_children_size; alter table children add constraint ck_children_size check (size <> 13.5) not valid`,
    `alter table children validate constraint ck_children_size`,
    [
      expect.stringMatching(/^constraint ck_children_size of children is .*\(not validated\)/u),
      'constraint ck_children_size of children was never checked against old rows',
    ],
  ],
  [
    'a changed type with the same values',
    `alter table by_text alter column value type bigint`,
    `alter table by_text alter column value type integer`,
    [
      'column by_text.value is "integer not null default nextval(\'public.by_text_value_seq\'::regclass)" in the source and "bigint not null default nextval(\'public.by_text_value_seq\'::regclass)" in the target',
    ],
  ],
  [
    'a dropped table, told once',
    `alter table by_uuid rename to elsewhere; alter table elsewhere set schema "Odd schema"`,
    `alter table "Odd schema".elsewhere set schema public; alter table elsewhere rename to by_uuid`,
    expect.arrayContaining(['table by_uuid is missing in the target (source: a table)']),
  ],
])('%s is found and named', async (_what, change, undo, findings) => {
  const report = await after(change, undo);
  expect(report.equal).toBe(false);
  expect(sayReport(report).slice(0, -1)).toEqual(findings);
  expect((await verify()).equal).toBe(true);
});

// Postgres folds 64 bits to 32 before it hashes a number or a moment: these pairs are one to it.
test.each([
  ['a bigint', `n = 4294967296`, 'n'],
  ['a moment', `at = '2000-01-01 01:11:34.967297Z'`, 'at'],
  ['a moment without a zone', `plain = '2000-01-01 01:11:34.967297'`, 'plain'],
  ['the sign of a zero, of four bytes', `small = '-0'`, 'small'],
  ['a key', `id = 4294967296`, null],
])('%s that Postgres’ own hash takes for the one before is found', async (_what, change, column) => {
  const table = `create table wide (id bigint primary key, n bigint not null default 1, small real not null default 0,
    at timestamptz not null default '2000-01-01Z', plain timestamp default '2000-01-01', nothing bigint)`;
  for (const side of [source, target]) await side.query(`${table}; insert into wide (id) values (1)`);
  try {
    expect((await verify()).equal).toBe(true);
    await target.query(`update wide set ${change}`);
    const found = (await verify()).tables.find(({ table }) => table === 'wide');
    expect(found?.differences).toEqual(
      column === null
        ? [expect.objectContaining({ problem: 'missing' }), expect.objectContaining({ problem: 'extra' })]
        : [{ key: { id: '1' }, problem: 'changed', columns: [column] }],
    );
  } finally {
    for (const side of [source, target]) await side.query('drop table wide');
  }
});

test.each([
  ['of numbers', 'x float8 not null, a bigint, b bigint', '(0, 1, 2), (0, 3, 4)', '(0, 1, 4), (0, 3, 2)'],
  [
    'of moments and documents, hashed as one record',
    'a timestamptz not null, b json not null',
    `('2026-01-01', '1'), ('2026-01-02', '2')`,
    `('2026-01-01', '2'), ('2026-01-02', '1')`,
  ],
  ['nothing in one', 'a bigint, b bigint', '(null, 7)', '(7, null)'],
  ['no moment in one', 'a timestamptz, b timestamptz', `(null, '2026-01-01')`, `('2026-01-01', null)`],
  ['no moment at all', 'a bigint, b timestamp, c json', '(7, null, null)', '(8, null, null)'],
  ['no document and the document "null"', 'a json', '(null)', `('null')`],
  ['documents that are one to Postgres’ hash of jsonb', 'a jsonb not null', `('[[1], 2.0]')`, `('[[1, 2.00]]')`],
  ['one document in other letters', 'a json', `('{"n":1}')`, `('{"n": 1}')`],
])('a row is told from one that nearly has its hash: %s', async (_what, columns, was, is) => {
  for (const [side, rows] of [
    [source, was],
    [target, is],
  ] as const)
    await side.query(`create table swapped (${columns}); insert into swapped values ${rows}`);
  try {
    expect((await verify()).tables.find(({ table }) => table === 'swapped')).toMatchObject({ equal: false });
  } finally {
    for (const side of [source, target]) await side.query('drop table swapped');
  }
});

test('of many differing rows the first are named', async () => {
  const report = await after(`update parents set changes = changes + 1`, `update parents set changes = changes - 1`, 2);
  expect(sayReport(report).slice(0, -1)).toEqual([
    'table parents differs: 199 rows on either side',
    '  id = 1: changed in changes',
    '  id = 2: changed in changes',
    '  … and more',
  ]);
});
