import type { CreateAnnotation, DeleteAnnotation, StoredGeometry, UpdateAnnotation } from './annotation-operation.js';
import type { Numbered } from './operation-rounds.js';

// Operations travel column by column: Postgres reads arrays twice as fast as JSON records. JSON texts are joined by a control character,
// which JSON never holds unescaped, and so stay byte for byte what they are.

/** Stands between texts. */
export const SEPARATOR = '\u001e';

export type EditAnnotation = UpdateAnnotation | DeleteAnnotation;

/** One column of a kind of operations: how SQL reads its parameter, and what the parameter is. */
interface Column<Operation> {
  readonly name: string;
  readonly sql: (parameter: string) => string;
  readonly encode: (items: readonly Numbered<Operation>[]) => string;
}

/** Numbers, UUIDs and booleans. */
function plain<Operation>(
  name: string,
  type: string,
  value: (operation: Operation, n: number) => string | number | boolean | null | undefined,
): Column<Operation> {
  return {
    name,
    sql: (parameter) => `${parameter}::${type}[]`,
    encode: (items) => {
      let text = '{';
      for (const { n, operation } of items) text += `${text.length > 1 ? ',' : ''}${value(operation, n) ?? 'null'}`;
      return `${text}}`;
    },
  };
}

/** Texts that are never empty; nothing stands for null. */
function texts<Operation>(name: string, value: (operation: Operation) => string | undefined): Column<Operation> {
  return {
    name,
    sql: (parameter) => `string_to_array(${parameter}, e'\\x1e', '')`,
    encode: (items) => {
      const values = items.map(({ operation }) => value(operation) ?? '');
      if (values.some((text) => text.includes(SEPARATOR))) throw new TypeError(`${name} of an operation is not JSON`);
      return values.join(SEPARATOR);
    },
  };
}

function shapeColumns<Operation>(shape: (operation: Operation) => StoredGeometry | undefined): Column<Operation>[] {
  return [
    plain('bbox_x', 'float8', (operation) => shape(operation)?.bbox?.[0]),
    plain('bbox_y', 'float8', (operation) => shape(operation)?.bbox?.[1]),
    plain('bbox_w', 'float8', (operation) => shape(operation)?.bbox?.[2]),
    plain('bbox_h', 'float8', (operation) => shape(operation)?.bbox?.[3]),
    plain('area', 'float8', (operation) => shape(operation)?.area),
    texts('annotation_type', (operation) => shape(operation)?.annotation_type),
    texts('geometry', (operation) => shape(operation)?.geometry),
  ];
}

const attributesText = (attributes: object | undefined) => attributes && JSON.stringify(attributes);

const CREATES: readonly Column<CreateAnnotation>[] = [
  plain('n', 'integer', (_, n) => n),
  plain('op_id', 'uuid', ({ op_id }) => op_id),
  plain('class_id', 'bigint', ({ class_id }) => class_id),
  plain('confidence', 'float8', ({ confidence }) => confidence),
  texts('task_type', ({ task_type }) => task_type),
  texts('source', ({ source }) => source ?? 'manual'),
  texts('state', ({ state }) => state ?? 'draft'),
  texts('attributes', ({ attributes }) => attributesText(attributes)),
  ...shapeColumns<CreateAnnotation>((operation) => operation),
];

const changeOf = (operation: EditAnnotation) => (operation.op === 'update' ? operation : undefined);

const EDITS: readonly Column<EditAnnotation>[] = [
  plain('n', 'integer', (_, n) => n),
  plain('op_id', 'uuid', ({ op_id }) => op_id),
  plain('annotation_id', 'bigint', ({ annotation_id }) => annotation_id),
  plain('base', 'integer', ({ version }) => version),
  // Absent keeps, null clears.
  plain('has_class', 'boolean', (operation) => changeOf(operation)?.class_id !== undefined),
  plain('class_id', 'bigint', (operation) => changeOf(operation)?.class_id),
  plain('has_confidence', 'boolean', (operation) => changeOf(operation)?.confidence !== undefined),
  plain('confidence', 'float8', (operation) => changeOf(operation)?.confidence),
  texts('op', ({ op }) => op),
  texts('attributes', (operation) => attributesText(changeOf(operation)?.attributes)),
  ...shapeColumns<EditAnnotation>((operation) => changeOf(operation)?.shape),
];

function table(columns: readonly Column<never>[], first: number): string {
  const arrays = columns.map(({ sql }, index) => sql(`$${first + index}`));
  return `unnest(${arrays.join(', ')}) as x (${columns.map(({ name }) => name).join(', ')})`;
}

/** How many parameters the operations that create are. */
export const CREATE_PARAMETERS = CREATES.length;
/** `unnest(…) as x (…)` of the operations that create, in parameters from `$first` on. */
export const createsTable = (first: number) => table(CREATES, first);
/** `unnest(…) as x (…)` of the others. */
export const editsTable = (first: number) => table(EDITS, first);

/** Which kinds of operations a round has. */
export type RoundKind = 'creates' | 'updates' | 'deletes' | 'mixed';

const ALL_ALIKE = { create: 'creates', update: 'updates', delete: 'deletes' } as const;

/** The parameters of each table that the statement of this kind has: those of `createsTable`, then those of `editsTable`. */
export function operationsParameters(round: readonly Numbered[]): { kind: RoundKind; parameters: string[] } {
  const creates: Numbered<CreateAnnotation>[] = [];
  const edits: Numbered<EditAnnotation>[] = [];
  for (const { n, operation } of round) {
    if (operation.op === 'create') creates.push({ n, operation });
    else edits.push({ n, operation });
  }
  const [first] = round;
  const alike = first && round.every(({ operation }) => operation.op === first.operation.op);
  const kind = alike ? ALL_ALIKE[first.operation.op] : 'mixed';
  const created = kind === 'creates' || kind === 'mixed' ? CREATES.map(({ encode }) => encode(creates)) : [];
  const edited = kind === 'creates' ? [] : EDITS.map(({ encode }) => encode(edits));
  return { kind, parameters: [...created, ...edited] };
}
