// What a database is made of, as data: read from the catalogue of Postgres, without its system schemas, what extensions brought, and
// what a move keeps in `labelyard_move`.

export interface ColumnShape {
  readonly name: string;
  /** As SQL writes it: `character varying(20)`, `public.mood`. */
  readonly type: string;
  readonly not_null: boolean;
  readonly default: string | null;
  /** GENERATED … AS IDENTITY. */
  readonly identity: 'always' | 'by default' | null;
  /** Expression of a column that is always computed from others. */
  readonly generated: string | null;
  /** It is computed when it is read (since Postgres 18), not stored. */
  readonly virtual: boolean;
  /** Only where it is not the type's own. */
  readonly collation: string | null;
  /** The type came with Postgres: its binary form is the same in every database. */
  readonly built_in: boolean;
}

export interface ConstraintShape {
  readonly name: string;
  readonly kind: 'primary key' | 'unique' | 'foreign key' | 'check' | 'exclude' | 'trigger';
  readonly definition: string;
  readonly validated: boolean;
}

export interface IndexShape {
  readonly name: string;
  readonly definition: string;
  readonly valid: boolean;
  /** The constraint that owns it. */
  readonly constraint: string | null;
}

export interface TriggerShape {
  readonly name: string;
  readonly definition: string;
  /** O: fires for people's changes; D: switched off; R, A: fires (also) for replayed ones. */
  readonly enabled: string;
}

export interface PolicyShape {
  readonly name: string;
  readonly definition: string;
}

export interface TableShape {
  readonly schema: string;
  readonly name: string;
  readonly unlogged: boolean;
  readonly options: string | null;
  readonly row_security: boolean;
  readonly forced_row_security: boolean;
  /** What Postgres believes; below zero: it was never counted. */
  readonly row_estimate: number;
  readonly bytes: number;
  readonly columns: readonly ColumnShape[];
  readonly primary_key: readonly string[];
  readonly constraints: readonly ConstraintShape[];
  readonly indexes: readonly IndexShape[];
  readonly triggers: readonly TriggerShape[];
  readonly policies: readonly PolicyShape[];
}

export interface SequenceShape {
  readonly schema: string;
  readonly name: string;
  /** `as bigint increment by 1 …`. */
  readonly definition: string;
  /** The column it counts for. */
  readonly owner: { readonly schema: string; readonly table: string; readonly column: string } | null;
  readonly identity: boolean;
}

/** Functions, views and types: whole statements that make them. */
export interface ObjectShape {
  readonly kind: 'function' | 'procedure' | 'view' | 'materialized view' | 'type' | 'domain';
  /** Qualified, a function's with its arguments. */
  readonly name: string;
  readonly definition: string;
}

export interface DatabaseCatalog {
  /** 170010 for 17.10. */
  readonly server_version: number;
  readonly encoding: string;
  readonly collation: string;
  readonly extensions: readonly { readonly name: string; readonly version: string; readonly schema: string }[];
  readonly schemas: readonly string[];
  readonly tables: readonly TableShape[];
  readonly sequences: readonly SequenceShape[];
  readonly objects: readonly ObjectShape[];
  /** What only pg_dump can carry over, in words. */
  readonly unusual: readonly string[];
}

/** Columns that are stored as they are given; computed ones make themselves. */
export function storedColumns(table: Pick<TableShape, 'columns'>): string[] {
  return table.columns.filter(({ generated }) => generated === null).map(({ name }) => name);
}

/** 15 for 150018. */
export function majorVersion({ server_version }: Pick<DatabaseCatalog, 'server_version'>): number {
  return Math.floor(server_version / 10_000);
}
