import { passingTables } from '../ends/open-ends.js';
import { type Command, FROM_TO } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { numberOption, textOption } from '../cli/option-values.js';
import { sayReport } from '../database/verify/verify-report.js';
import { verifyDatabases } from '../database/verify/verify-databases.js';
import { keepEvidence } from '../report/evidence.js';
import { workReport } from '../cli/work-report.js';
import { DATABASE, databaseEnd, databaseName, JOBS } from './db-options.js';

/** `yard db verify` */
export const dbVerifyCommand: Command = {
  path: 'db verify',
  says: 'compare every row and byte of two databases',
  details:
    'Compares schema, validity of indexes and constraints, sequences, numbers of rows, and a checksum of every row, each side as of one ' +
    'moment; names the first rows that differ, with their columns. Changes nothing. Writes that go on meanwhile are differences.',
  options: [
    ...FROM_TO,
    DATABASE,
    JOBS,
    { flags: '--most <n>', says: 'differing rows named per table', fallback: '10' },
  ],
  examples: [{ line: 'yard db verify --from local --to railway', says: 'After a copy:' }],
  exclusive: false,
  async run(context) {
    using report = workReport(context.out, 'comparing');
    const found = await verifyDatabases({
      source: databaseEnd(context, 'from'),
      target: databaseEnd(context, 'to'),
      passing: passingTables(databaseName(context)),
      jobs: numberOption(context, 'jobs', { min: 1, max: 32 }),
      most: numberOption(context, 'most', { min: 1, max: 10_000 }),
      report,
      signal: context.signal,
    });
    report[Symbol.dispose]();
    const text = sayReport(found);
    keepEvidence(context.state, {
      kind: 'db verify',
      about: [textOption(context, 'from'), textOption(context, 'to')],
      ok: found.equal,
      says: `${databaseName(context)} database: ${text.at(-1)}`,
      data: found,
    });
    context.out.answer(found, text);
    return found.equal ? EXIT.ok : EXIT.differences;
  },
};
