import pg from 'pg';

/** A name as SQL text, always quoted. */
export const ident = (name: string): string => pg.escapeIdentifier(name);

/** A text as an SQL literal. */
export const literal = (text: string): string => pg.escapeLiteral(text);

/** `"schema"."name"`. */
export const qualified = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  `${ident(schema)}.${ident(name)}`;

/** Name as people and `PASSING_TABLES` write it: without `public`. */
export const shortName = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  schema === 'public' ? name : `${schema}.${name}`;

/** Names as a list in SQL. */
export const identList = (names: readonly string[]): string => names.map(ident).join(', ');
