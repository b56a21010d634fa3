/** A statement that would keep people waiting, or that an older program cannot live with. */
export interface UnsafeStatement {
  readonly migration: string;
  readonly table: string;
  readonly rows: number;
  readonly why: string;
  readonly statement: string;
}

const ALTER = String.raw`^alter table (?:if exists )?(?:only )?(\S+)[^]*?\b`;

/** What makes a statement unsafe on a large table; the first group is the table. */
const RULES: readonly (readonly [RegExp, string])[] = [
  [/^drop table (?:if exists )?([\w".]+)/iu, 'takes a table away that an older program still uses'],
  [
    new RegExp(`${ALTER}drop (?:column )?(?!constraint|default|not null|expression|identity)`, 'iu'),
    'takes a column away that an older program still uses',
  ],
  [new RegExp(`${ALTER}rename\\b`, 'iu'), 'renames what an older program still uses'],
  [
    new RegExp(`${ALTER}add (?:column )?(?!constraint)[^,]*\\bnot null\\b(?![^,]*\\b(?:default|generated)\\b)`, 'iu'),
    'adds a column that may not be empty and has no default',
  ],
  [new RegExp(`${ALTER}set not null\\b`, 'iu'), 'reads the whole table while it is locked'],
  [
    new RegExp(`${ALTER}alter (?:column )?\\S+ (?:set data )?type\\b`, 'iu'),
    'writes the whole table anew while it is locked',
  ],
  [new RegExp(`${ALTER}generated always as [^]*\\bstored\\b`, 'iu'), 'writes the whole table anew while it is locked'],
  [
    /^create (?:unique )?index (?!concurrently)[^]*?\bon (?:only )?([\w".]+)/iu,
    'stops writes while the index is built; build it concurrently',
  ],
];

/** Statements that are unsafe on tables of at least `large` rows. Tables that do not exist yet have none. */
export function unsafeStatements(
  migrations: readonly { readonly name: string; readonly statements: readonly string[] }[],
  rowsOf: ReadonlyMap<string, number>,
  large: number,
): UnsafeStatement[] {
  return migrations.flatMap(({ name, statements }) =>
    statements.flatMap((text) => {
      const statement = text.replaceAll(/\s+/gu, ' ').trim();
      return RULES.flatMap(([pattern, why]) => {
        const table = pattern
          .exec(statement)?.[1]
          ?.replaceAll('"', '')
          .replace(/^public\./u, '');
        const rows = table === undefined ? undefined : rowsOf.get(table);
        return table !== undefined && rows !== undefined && rows >= large
          ? [{ migration: name, table, rows, why, statement }]
          : [];
      }).slice(0, 1);
    }),
  );
}
