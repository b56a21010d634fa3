import { compareCatalogs, sayDifference } from '../../src/database/catalog/compare-catalogs.js';
import { inspectDatabase } from '../../src/database/catalog/read-catalog.js';
import { copyDatabase } from '../../src/database/copy/copy-database.js';
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

const copy = (report = listening()) =>
  copyDatabase({ source: source.options, target: target.options, passing: ZOO_PASSING, programs: null, report });

const contents = async ({ query }: TestDatabase, table: string) =>
  query<{ row: string }>(`select row(t.*)::text as row from ${table} t order by 1`);

test('a copy has the same schema, rows and sequences, and nothing of what passes', async () => {
  const report = listening();
  const result = await copy(report);
  expect(result).toMatchObject({ method: 'built-in', position: null });
  expect(report.lines.join('\n')).toContain('pg_dump and pg_restore are not on PATH');

  const [was, is] = await Promise.all([inspectDatabase(source.options), inspectDatabase(target.options)]);
  expect(compareCatalogs(was, is).map(sayDifference)).toEqual([]);
  for (const table of ['parents', 'children', 'by_text', 'by_uuid', 'keyless', '"Odd schema"."Table"'])
    expect(await contents(target, table)).toEqual(await contents(source, table));
  expect(await contents(target, 'passing')).toEqual([]);

  await target.query(`insert into parents (name) values ('next')`);
  await target.query(`insert into by_text (key) values ('next')`);
  await target.query(`insert into by_uuid default values`);
  expect(
    await target.query(`select max(id)::int as id, (select max(always) from by_uuid)::int as always from parents`),
  ).toEqual([{ id: 201, always: 200 }]);
});
