import { type Command, ENV } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { numberOption, switchOption } from '../cli/option-values.js';
import { workReport } from '../cli/work-report.js';
import { DATABASE, databaseEnd, databaseName } from './db-options.js';

/** `yard db migrate` */
export const dbMigrateCommand: Command = {
  path: 'db migrate',
  says: 'bring a database’s schema up to date',
  details:
    'Runs pending migrations, one process at a time and waiting for no table longer than 5 s. Refuses statements that stop people on large ' +
    'tables (DROP, RENAME, NOT NULL without default, changed types, indexes not built concurrently) without --allow-unsafe, and checks ' +
    'afterwards that every table and index is there. The queue’s own schema is migrated by the API’s pre-deploy command.',
  options: [
    ...ENV,
    DATABASE,
    { flags: '--large <rows>', says: 'rows from which on a table is large', fallback: '100000' },
    { flags: '--allow-unsafe', says: 'also what stops people on large tables' },
    { flags: '--dry-run', says: 'only say what is pending; answers 2 when something is' },
  ],
  examples: [{ line: 'yard db migrate --env railway --dry-run', says: 'Before a release:' }],
  exclusive: true,
  async run(context) {
    using report = workReport(context.out, 'migrating');
    const dryRun = switchOption(context, 'dryRun');
    const { migrateDatabase } = await import('../database/migrate/migrate-database.js');
    const result = await migrateDatabase({
      database: databaseEnd(context, 'env'),
      name: databaseName(context),
      large: numberOption(context, 'large', { min: 0, max: Number.MAX_SAFE_INTEGER }),
      allowUnsafe: switchOption(context, 'allowUnsafe'),
      dryRun,
      report,
      signal: context.signal,
    });
    const lines = dryRun
      ? result.pending.map((name) => `pending ${name}`)
      : result.applied.map((name) => `migrated ${name}`);
    context.out.answer(result, lines.length > 0 ? lines : ['The schema is up to date.']);
    return dryRun && result.pending.length > 0 ? EXIT.differences : EXIT.ok;
  },
};
