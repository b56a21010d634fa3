import { passingTables } from '../ends/open-ends.js';
import { type Command, FROM_TO } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { choiceOption, numberOption } from '../cli/option-values.js';
import { copyDatabase } from '../database/copy/copy-database.js';
import { workReport } from '../cli/work-report.js';
import { DATABASE, databaseEnd, databaseName, JOBS } from './db-options.js';

/** `yard db copy` */
export const dbCopyCommand: Command = {
  path: 'db copy',
  says: 'copy a database into an empty one',
  details:
    'Copies schema, rows and sequences as of one moment while the source is used on; the source is only read. Uses pg_dump and ' +
    'pg_restore where they fit both servers, else streams of its own, and says which and why. Refuses a target that holds anything. ' +
    'Can be run again after an interruption: what it left unfinished is taken away first. yard cutover does this and the rest of a move.',
  options: [
    ...FROM_TO,
    DATABASE,
    JOBS,
    { flags: '--method <way>', says: 'auto, pg_dump or built-in', fallback: 'auto' },
    { flags: '--maintenance-memory <mb>', says: 'memory for building indexes, per job, in MB', fallback: '512' },
  ],
  examples: [{ line: 'yard db copy --from local --to railway', says: 'The Labeler database:' }],
  next: 'yard db verify --from … --to … proves that both are equal.',
  exclusive: true,
  async run(context) {
    using report = workReport(context.out, 'copying');
    const result = await copyDatabase({
      source: databaseEnd(context, 'from'),
      target: databaseEnd(context, 'to'),
      passing: passingTables(databaseName(context)),
      method: choiceOption(context, 'method', ['auto', 'pg_dump', 'built-in']),
      jobs: numberOption(context, 'jobs', { min: 1, max: 32 }),
      maintenanceMemoryMb: numberOption(context, 'maintenanceMemory', { min: 1, max: 65_536 }),
      report,
      signal: context.signal,
    });
    report[Symbol.dispose]();
    context.out.answer(result, [
      `${result.tables} tables copied by ${result.method} in ${result.seconds.toFixed(1)} s`,
    ]);
    return EXIT.ok;
  },
};
