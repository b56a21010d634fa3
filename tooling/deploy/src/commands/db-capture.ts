import { passingTables } from '../ends/open-ends.js';
import { type Command, ENV } from '../cli/command.js';
import { EXIT } from '../cli/exit-code.js';
import { YardError } from '../cli/yard-error.js';
import { captureStatus } from '../database/capture/capture-status.js';
import { freeze, thaw } from '../database/capture/freeze.js';
import { captureOff, captureOn } from '../database/capture/install-capture.js';
import { workReport } from '../cli/work-report.js';
import { DATABASE, databaseEnd, databaseName } from './db-options.js';

/** `yard db capture` */
export const dbCaptureCommand: Command = {
  path: 'db capture',
  says: 'log what changes in a database, or stop logging',
  details:
    'on: puts triggers on every table, one after the other, while the database is used; nobody waits longer than a moment. off: takes them ' +
    'and the log away. status: what is captured, and whether writes are stopped. yard cutover does this by itself.',
  arguments: [{ name: '<action>', says: 'on, off or status' }],
  options: [...ENV, DATABASE],
  examples: [{ line: 'yard db capture status --env railway', says: 'Is the way back open?' }],
  exclusive: true,
  async run(context) {
    const [action = ''] = context.args;
    const work = ACTIONS[action];
    if (!work) throw new YardError('bad_input', `"${action}" is no action.`, 'Use on, off or status.');
    const database = databaseEnd(context, 'env');
    const passing = passingTables(databaseName(context));
    using report = workReport(context.out, `capture ${action}`);
    await work({ database, passing, report, signal: context.signal });
    report[Symbol.dispose]();
    const status = await captureStatus(database, passing, context.signal);
    const { state, tables, changes, missing, frozen_at } = status;
    context.out.answer(status, [
      `capture is ${state}: ${tables} tables, ${changes} changes logged`,
      ...(missing.length > 0 ? [`not captured: ${missing.join(', ')}`] : []),
      frozen_at ? `writes are stopped since ${frozen_at}` : 'writes are let in',
    ]);
    return EXIT.ok;
  },
};

const ACTIONS: Readonly<Record<string, (options: Parameters<typeof captureOn>[0]) => Promise<unknown>>> = {
  on: captureOn,
  off: captureOff,
  status: async () => undefined,
};

/** `yard db freeze` */
export const dbFreezeCommand: Command = {
  path: 'db freeze',
  says: 'stop writes to a database',
  details:
    'Waits until every transaction that writes has ended, then refuses writes (SQLSTATE LY503, which the API answers with 503 maintenance). ' +
    'Reading goes on. Needs the capture. yard cutover does this by itself.',
  options: [...ENV, DATABASE],
  examples: [{ line: 'yard db freeze --env local', says: 'By hand:' }],
  next: 'yard db thaw --env … lets writes in again.',
  exclusive: true,
  async run(context) {
    const result = await freeze({ database: databaseEnd(context, 'env'), signal: context.signal });
    context.out.answer(result, [`writes are stopped since ${result.frozen_at}`]);
    return EXIT.ok;
  },
};

/** `yard db thaw` */
export const dbThawCommand: Command = {
  path: 'db thaw',
  says: 'let writes to a database in again',
  details:
    'Ends what db freeze began. After a cutover the old side stays frozen on purpose: thaw it only when it is used again.',
  options: [...ENV, DATABASE],
  examples: [{ line: 'yard db thaw --env local', says: 'After a move that was given up:' }],
  exclusive: true,
  async run(context) {
    await thaw({ database: databaseEnd(context, 'env'), signal: context.signal });
    context.out.answer({ frozen_at: null }, ['writes are let in']);
    return EXIT.ok;
  },
};
