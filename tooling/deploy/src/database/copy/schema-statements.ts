import type { ColumnShape, DatabaseCatalog, SequenceShape, TableShape } from '../catalog/database-catalog.js';
import { ident, identList, qualified } from '../sql-names.js';

// The statements that make a database like another one, from its catalogue, in the order in which a copy needs them: what tables are
// made of, then (rows), then indexes and constraints, then what fires by itself.

/** Extensions and schemas. */
export function groundStatements({ extensions, schemas }: DatabaseCatalog): string[] {
  return [
    ...schemas.map((schema) => `create schema if not exists ${ident(schema)}`),
    ...extensions.map(
      ({ name, schema }) => `create extension if not exists ${ident(name)} with schema ${ident(schema)}`,
    ),
  ];
}

/** Types, tables, functions, views: each may need any other one (see `runInPasses`). */
export function objectStatements({ tables, sequences, objects }: DatabaseCatalog): string[] {
  const identities = new Map(
    sequences.flatMap((sequence) => (sequence.identity && sequence.owner ? [[ownerKey(sequence), sequence]] : [])),
  );
  return [
    ...objects.filter(({ kind }) => kind === 'type' || kind === 'domain').map(({ definition }) => definition),
    ...sequences
      .filter(({ identity }) => !identity)
      .map((sequence) => `create sequence ${qualified(sequence)} ${sequence.definition}`),
    ...tables.map((table) => createTable(table, identities)),
    ...tables.flatMap(defaults),
    ...objects.filter(({ kind }) => kind !== 'type' && kind !== 'domain').map(({ definition }) => definition),
    ...sequences.flatMap(({ identity, owner, ...sequence }) =>
      owner && !identity
        ? [
            `alter sequence ${qualified(sequence)} owned by ${qualified({ ...owner, name: owner.table })}.${ident(owner.column)}`,
          ]
        : [],
    ),
  ];
}

/** The indexes of one table and the constraints on its own rows: built once the rows are there. */
export function indexStatements(table: TableShape): { indexes: string[]; constraints: string[] } {
  const owner = new Map(table.indexes.map((index) => [index.constraint, index]));
  const alter = `alter table ${qualified(table)} add constraint`;
  // A key's index is built like any other, beside its neighbours, and then becomes the key's: adding the key by itself locks the table.
  const byIndex = table.constraints.flatMap((constraint) => {
    const index = owner.get(constraint.name);
    // WITHOUT OVERLAPS (since Postgres 18) is more than its index.
    const plain = /^(?:PRIMARY KEY|UNIQUE) \((?![^)]* WITHOUT OVERLAPS)[^)]*\)$/u.test(constraint.definition);
    return index && plain ? [{ ...constraint, index: index.name }] : [];
  });
  const taken = new Set(byIndex.map(({ name }) => name));
  return {
    indexes: table.indexes
      .filter(({ constraint }) => constraint === null || taken.has(constraint))
      .map(({ definition }) => definition),
    constraints: [
      ...byIndex.map(({ name, kind, index }) => `${alter} ${ident(name)} ${kind} using index ${ident(index)}`),
      ...table.constraints
        .filter(({ name, kind }) => kind !== 'foreign key' && kind !== 'trigger' && !taken.has(name))
        .map(
          ({ name, definition, validated }) => `${alter} ${ident(name)} ${definition}${validated ? '' : ' not valid'}`,
        ),
    ],
  };
}

/** Foreign keys: made unchecked, which takes no time, and then checked without keeping anybody out. */
export function foreignKeyStatements(table: TableShape): { add: string; validate: string | null }[] {
  return table.constraints
    .filter(({ kind }) => kind === 'foreign key')
    .map(({ name, definition, validated }) => ({
      add: `alter table ${qualified(table)} add constraint ${ident(name)} ${definition} not valid`,
      validate: validated ? `alter table ${qualified(table)} validate constraint ${ident(name)}` : null,
    }));
}

/** Triggers and row security, last: they must not see the copy. */
export function finalStatements(table: TableShape): string[] {
  const alter = `alter table ${qualified(table)}`;
  const enable: Readonly<Record<string, string>> = {
    D: 'disable trigger',
    R: 'enable replica trigger',
    A: 'enable always trigger',
  };
  return [
    ...table.triggers.flatMap(({ name, definition, enabled }) => [
      definition,
      ...(enable[enabled] ? [`${alter} ${enable[enabled]} ${ident(name)}`] : []),
    ]),
    ...table.policies.map(
      ({ name, definition }) => `create policy ${ident(name)} on ${qualified(table)} ${definition}`,
    ),
    ...(table.row_security ? [`${alter} enable row level security`] : []),
    ...(table.forced_row_security ? [`${alter} force row level security`] : []),
  ];
}

/** Statements that take away everything a copy makes, in any order (see `runInPasses`); the schema `public` stays. */
export function dropStatements(catalog: DatabaseCatalog): string[] {
  const { tables, sequences, objects, schemas } = catalog;
  return [
    ...objects.filter(({ kind }) => kind.endsWith('view')).map(({ kind, name }) => `drop ${kind} if exists ${name}`),
    // In one statement, so that keys between them do not matter.
    ...(tables.length > 0 ? [`drop table if exists ${tables.map(qualified).join(', ')}`] : []),
    ...objects.filter(({ kind }) => !kind.endsWith('view')).map(({ kind, name }) => `drop ${kind} if exists ${name}`),
    ...sequences.map((sequence) => `drop sequence if exists ${qualified(sequence)}`),
    ...schemas.filter((schema) => schema !== 'public').map((schema) => `drop schema if exists ${ident(schema)}`),
  ];
}

function createTable(table: TableShape, identities: ReadonlyMap<string, SequenceShape>): string {
  const columns = table.columns.map((column) => {
    const identity = identities.get(`${table.schema}.${table.name}.${column.name}`);
    return [ident(column.name), column.type, ...columnRules(column, identity)].join(' ');
  });
  const options = table.options ? ` with (${table.options})` : '';
  return `create ${table.unlogged ? 'unlogged ' : ''}table ${qualified(table)} (${columns.join(', ')})${options}`;
}

function columnRules(column: ColumnShape, identity: SequenceShape | undefined): string[] {
  return [
    ...(column.collation ? [`collate ${column.collation}`] : []),
    ...(column.not_null ? ['not null'] : []),
    ...(column.generated === null
      ? []
      : [`generated always as (${column.generated}) ${column.virtual ? 'virtual' : 'stored'}`]),
    ...(column.identity && identity
      ? [
          `generated ${column.identity} as identity (sequence name ${qualified(identity)} ${identity.definition.replace(/^as \S+ /u, '')})`,
        ]
      : []),
  ];
}

function defaults(table: TableShape): string[] {
  return table.columns.flatMap((column) =>
    column.default === null
      ? []
      : [`alter table ${qualified(table)} alter column ${identList([column.name])} set default ${column.default}`],
  );
}

function ownerKey({ owner }: SequenceShape): string {
  return owner ? `${owner.schema}.${owner.table}.${owner.column}` : '';
}
