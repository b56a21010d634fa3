import { unsafeStatements } from './unsafe-statements.js';

const rows = new Map([
  ['annotations', 1_000_000],
  ['small', 10],
]);
const found = (statement: string) =>
  unsafeStatements([{ name: 'One', statements: [statement] }], rows, 100_000).map(({ why }) => why);

test.each([
  ['drop table annotations', /takes a table away/u],
  ['alter table annotations drop column area', /takes a column away/u],
  ['alter table public.annotations rename column area to size', /renames/u],
  ['alter table "annotations" rename to shapes', /renames/u],
  ['alter table annotations add column note text not null', /no default/u],
  ['alter table annotations alter column note set not null', /reads the whole table/u],
  ['alter table annotations alter column version type bigint', /writes the whole table anew/u],
  ['create index ix on annotations (area)', /concurrently/u],
  ['create unique index ix\n on annotations (area)', /concurrently/u],
])('%s is unsafe on a large table and safe on a small one', (statement, why) => {
  expect(found(statement)).toEqual([expect.stringMatching(why)]);
  expect(found(statement.replace('annotations', 'small'))).toEqual([]);
  expect(found(statement.replace('annotations', 'new_table'))).toEqual([]);
});

test.each([
  `alter table annotations add column note text`,
  `alter table annotations add column note text not null default ''`,
  `alter table annotations drop constraint ck_annotations_state`,
  `alter table annotations alter column note drop not null`,
  `create index concurrently ix on annotations (area)`,
  `insert into annotations select * from small`,
])('%s is safe', (statement) => {
  expect(found(statement)).toEqual([]);
});
