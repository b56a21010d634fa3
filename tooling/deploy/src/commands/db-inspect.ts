import { ENV, FROM_TO, type Command } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { compareCatalogs, sayDifference } from '../database/catalog/compare-catalogs.js';
import { inspectDatabase } from '../database/catalog/read-catalog.js';
import { shortName } from '../database/sql-names.js';
import { DATABASE, databaseEnd } from './db-options.js';

/** `yard db inspect` */
export const dbInspectCommand: Command = {
  path: 'db inspect',
  says: 'show what a database is made of',
  details:
    'Lists tables with what Postgres believes of their size, and whether indexes and constraints are valid. With --json everything: ' +
    'columns, constraints, indexes, triggers, sequences, functions, extensions. Changes nothing.',
  options: [...ENV, DATABASE],
  examples: [{ line: 'yard db inspect --env local --json > local.json', says: 'Everything, for a program:' }],
  async run(context) {
    const catalog = await inspectDatabase(databaseEnd(context, 'env'), context.signal);
    context.out.answer(catalog, [
      `Postgres ${Math.floor(catalog.server_version / 10_000)}, ${catalog.encoding}, sorted by ${catalog.collation}`,
      ...catalog.extensions.map(({ name, version }) => `extension ${name} ${version}`),
      ...catalog.tables.map((table) => {
        const rows =
          table.row_estimate < 0 ? 'not counted yet' : `about ${table.row_estimate.toLocaleString('en')} rows`;
        const bad = table.indexes.filter(({ valid }) => !valid).length;
        return `table ${shortName(table)}: ${rows}, ${(table.bytes / 1e6).toFixed(1)} MB${bad > 0 ? `, ${bad} invalid indexes` : ''}`;
      }),
      ...catalog.unusual,
    ]);
    return EXIT.ok;
  },
};

/** `yard db diff` */
export const dbDiffCommand: Command = {
  path: 'db diff',
  says: 'say how the schemas of two databases differ',
  details:
    'Compares tables, columns, constraints, indexes, triggers, sequences, functions and extensions; rows are left to db verify.',
  options: [...FROM_TO, DATABASE],
  examples: [{ line: 'yard db diff --from local --to railway', says: 'What a migration would have to do:' }],
  next: 'yard db verify --from … --to … compares rows as well.',
  async run(context) {
    const [from, to] = await Promise.all(
      (['from', 'to'] as const).map((option) => inspectDatabase(databaseEnd(context, option), context.signal)),
    );
    const differences = from && to ? compareCatalogs(from, to) : [];
    context.out.answer(
      differences,
      differences.length > 0 ? differences.map(sayDifference) : ['The schemas are equal.'],
    );
    return differences.length > 0 ? EXIT.differences : EXIT.ok;
  },
};
