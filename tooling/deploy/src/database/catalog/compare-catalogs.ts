import { shortName } from '../sql-names.js';
import { type ColumnShape, type DatabaseCatalog, majorVersion, type TableShape } from './database-catalog.js';

export interface SchemaDifference {
  /** `column annotations.geometry`. */
  readonly object: string;
  readonly problem: 'missing' | 'extra' | 'different';
  /** How it is on either side; null where it is not. */
  readonly source: string | null;
  readonly target: string | null;
}

/**
 * What distinguishes two databases, apart from their rows. The order of columns, owners, rights and the server's version are no
 * difference; validity of indexes and constraints is.
 */
export function compareCatalogs(source: DatabaseCatalog, target: DatabaseCatalog): SchemaDifference[] {
  const sameMajor = majorVersion(source) === majorVersion(target);
  const [a, b] = [describe(source, sameMajor), describe(target, sameMajor)];
  const differences: SchemaDifference[] = [];
  for (const [object, was] of a) {
    const is = b.get(object) ?? null;
    if (is !== was)
      differences.push({ object, problem: is === null ? 'missing' : 'different', source: was, target: is });
  }
  for (const [object, is] of b)
    if (!a.has(object)) differences.push({ object, problem: 'extra', source: null, target: is });
  return withoutParts(differences);
}

/** A difference as a sentence. */
export function sayDifference({ object, problem, source, target }: SchemaDifference): string {
  if (problem === 'missing') return `${object} is missing in the target (source: ${source})`;
  if (problem === 'extra') return `${object} exists only in the target (${target})`;
  return `${object} is "${source}" in the source and "${target}" in the target`;
}

/** Every object by name, and what it is in one line; `exactly`: as this version of Postgres writes it. */
function describe(catalog: DatabaseCatalog, exactly: boolean): Map<string, string> {
  const all = new Map<string, string>();
  all.set('encoding', catalog.encoding);
  for (const { name } of catalog.extensions) all.set(`extension ${name}`, 'installed');
  for (const schema of catalog.schemas) all.set(`schema ${schema}`, 'a schema');
  for (const table of catalog.tables) describeTable(table, all);
  for (const sequence of catalog.sequences) {
    const { owner } = sequence;
    const owned = owner ? `, owned by ${shortName({ ...owner, name: owner.table })}.${owner.column}` : '';
    all.set(`sequence ${shortName(sequence)}`, `${sequence.definition}${owned}`);
  }
  for (const { kind, name, definition } of catalog.objects) {
    const text = definition.replaceAll(/\s+/gu, ' ').trim();
    // Since 16 Postgres writes columns without their table where that is clear.
    const plain = exactly || !kind.endsWith('view') ? text : text.replaceAll(/[\w"]+\.(?=[\w"])/gu, '');
    all.set(`${kind} ${name.replace(/^public\./u, '')}`, plain);
  }
  return all;
}

function describeTable(table: TableShape, all: Map<string, string>): void {
  const name = shortName(table);
  const security = table.row_security ? `, row security${table.forced_row_security ? ' forced' : ''}` : '';
  all.set(`table ${name}`, `${table.unlogged ? 'an unlogged table' : 'a table'}${security}`);
  for (const column of table.columns) all.set(`column ${name}.${column.name}`, describeColumn(column));
  for (const { name: constraint, definition, validated } of table.constraints)
    all.set(`constraint ${constraint} of ${name}`, `${definition}${validated ? '' : ' (not validated)'}`);
  for (const index of table.indexes)
    if (index.constraint === null || !index.valid)
      all.set(`index ${index.name} of ${name}`, `${index.definition}${index.valid ? '' : ' (invalid)'}`);
  for (const trigger of table.triggers)
    all.set(
      `trigger ${trigger.name} of ${name}`,
      `${trigger.definition}${trigger.enabled === 'O' ? '' : ` (${trigger.enabled})`}`,
    );
  for (const policy of table.policies) all.set(`policy ${policy.name} of ${name}`, policy.definition);
}

function describeColumn(column: ColumnShape): string {
  return [
    column.type,
    column.collation && `collate ${column.collation}`,
    column.not_null && 'not null',
    column.default !== null && `default ${column.default}`,
    column.identity && `generated ${column.identity} as identity`,
    column.generated !== null && `generated always as (${column.generated})${column.virtual ? ' virtual' : ''}`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** What belongs to a table that is missing whole says nothing more. */
function withoutParts(differences: readonly SchemaDifference[]): SchemaDifference[] {
  const whole = new Set(
    differences.flatMap(({ object, problem }) =>
      problem !== 'different' && object.startsWith('table ') ? [object.slice('table '.length)] : [],
    ),
  );
  const tableOf = (object: string) =>
    / of (\S+)$/u.exec(object)?.[1] ?? /^column (.+)\.[^.]+$/u.exec(object)?.[1] ?? '';
  return differences.filter(({ object }) => object.startsWith('table ') || !whole.has(tableOf(object)));
}
