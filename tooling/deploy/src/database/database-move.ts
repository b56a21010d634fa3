import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../cli/yard-error.js';
import { databaseIdentity } from '../ends/open-ends.js';
import type { Step, StepReport } from '../steps/step.js';
import { captureStatus } from './capture/capture-status.js';
import { freeze, thaw } from './capture/freeze.js';
import { captureOff, captureOn } from './capture/install-capture.js';
import { copyDatabase } from './copy/copy-database.js';
import { readCopyMark } from './copy/copy-mark.js';
import type { CopyMethod } from './copy/client-programs.js';
import { catchUp, finishReplay, follow, pendingChanges } from './replay/replay.js';
import { withSession } from './session.js';
import { sayReport } from './verify/verify-report.js';
import { verifyDatabases } from './verify/verify-databases.js';

/** One database on its way from one server to another. */
export interface DatabaseMove {
  /** The side that people use before the move. */
  readonly source: DatabaseOptions;
  /** The side they use after it; empty before. */
  readonly target: DatabaseOptions;
  /** Tables that hold only what passes: `PASSING_TABLES` for the Labeler DB, none for the User DB. */
  readonly passing: ReadonlySet<string>;
  readonly method?: CopyMethod | 'auto';
  readonly jobs?: number;
}

type MoveStep = Step<DatabaseMove>;

/** Few enough for the last pass to take no noticeable time. */
const SMALL = 500;

const watch = (side: 'source' | 'target'): Pick<MoveStep, 'inspect'> & { begin: MoveStep['apply'] } => ({
  async inspect(move) {
    const status = await captureStatus(move[side], move.passing);
    const label = databaseIdentity(move[side]);
    return status.state === 'on'
      ? { done: true, says: `changes of ${label} are captured in ${status.tables} tables`, data: status }
      : { done: false, says: `changes of ${label} are not captured yet`, data: status };
  },
  begin: (move, report, signal) => captureOn({ database: move[side], passing: move.passing, report, signal }),
});

const captureSource: MoveStep = {
  id: 'capture',
  title: 'Capture what changes',
  inspect: watch('source').inspect,
  apply: watch('source').begin,
  rollback: ({ source }, report, signal) => captureOff({ database: source, report, signal }),
};

const copy: MoveStep = {
  id: 'copy',
  title: 'Copy everything as of one moment',
  async inspect({ source, target }) {
    const [mark, { follows }] = await Promise.all([
      withSession(target, undefined, readCopyMark),
      pendingChanges({ source, target }),
    ]);
    const label = databaseIdentity(target);
    if (mark?.finished_at && follows) return { done: true, says: `${label} was copied ${mark.finished_at}` };
    return { done: false, says: mark ? `${label} holds an unfinished copy` : `${label} is to be filled` };
  },
  apply: (move, report, signal) => copyDatabase({ ...move, report, signal }),
};

/** Before anybody uses the new side: what it will be told is known from the first second. */
const layWayBack: MoveStep = {
  id: 'way-back',
  title: 'Capture what will change on the new side',
  async inspect(move) {
    const capture = await watch('target').inspect(move);
    const { follows } = await pendingChanges({ source: move.target, target: move.source });
    return { ...capture, done: capture.done && follows };
  },
  async apply(move, report, signal) {
    await watch('target').begin(move, report, signal);
    return follow({ source: move.target, target: move.source, signal });
  },
  rollback: ({ target }, report, signal) => captureOff({ database: target, report, signal }),
};

const approach: MoveStep = {
  id: 'catch-up',
  title: 'Take over what changed meanwhile',
  async inspect({ source, target }) {
    const { keys } = await pendingChanges({ source, target });
    return { done: keys <= SMALL, says: `${keys} changed rows are to be taken over` };
  },
  apply: ({ source, target }, report, signal) => catchUp({ source, target, report, signal, small: SMALL }),
};

/** Direction of the changes: there, or back again. */
type Way = readonly ['source', 'target'] | readonly ['target', 'source'];
const THERE: Way = ['source', 'target'];
const BACK: Way = ['target', 'source'];

const stopWrites = ([from]: Way): MoveStep => ({
  id: 'freeze',
  title: 'Stop writes',
  async inspect(move) {
    const { frozen_at } = await captureStatus(move[from], move.passing);
    const label = databaseIdentity(move[from]);
    return frozen_at
      ? { done: true, says: `writes to ${label} are stopped since ${frozen_at}`, data: { frozen_at } }
      : { done: false, says: `${label} is being written to` };
  },
  apply: (move, _report, signal) => freeze({ database: move[from], signal }),
  rollback: (move, _report, signal) => thaw({ database: move[from], signal }),
});

const lastChanges = ([from, to]: Way): MoveStep => ({
  id: 'last-changes',
  title: 'Take over the last changes',
  async inspect(move) {
    const { keys } = await pendingChanges({ source: move[from], target: move[to] });
    // Sequences leave no trace in the log: the pass is made also when there is nothing to take over.
    return { done: false, says: `${keys} changed rows are to be taken over`, data: { keys } };
  },
  apply: (move, report, signal) => finishReplay({ source: move[from], target: move[to], report, signal }),
});

const compare = ([from, to]: Way): MoveStep => ({
  id: 'compare',
  title: 'Compare every row and byte',
  inspect: async () => ({ done: false, says: 'both sides are compared' }),
  apply: (move, report, signal) => compareSides({ ...move, source: move[from], target: move[to] }, report, signal),
});

const letIn: MoveStep = {
  id: 'let-in',
  title: 'Let writes to the old side in again',
  async inspect({ source, passing }) {
    const { frozen_at } = await captureStatus(source, passing);
    return {
      done: frozen_at === null,
      says: frozen_at ? `writes are stopped since ${frozen_at}` : 'writes are let in',
    };
  },
  apply: ({ source }, _report, signal) => thaw({ database: source, signal }),
};

/** While people work on: can take hours, stops nobody. */
export const APPROACH_STEPS: readonly MoveStep[] = [captureSource, copy, layWayBack, approach];

/** While writes are stopped: seconds. Afterwards the new side is equal, proven, and can be switched to; the old one stays stopped. */
export const TAKE_OVER_STEPS: readonly MoveStep[] = [stopWrites(THERE), lastChanges(THERE), compare(THERE)];

/** Back to the old side with everything that was written on the new one; switch to it after these steps, then `LET_IN_STEPS`. */
export const RETURN_STEPS: readonly MoveStep[] = [stopWrites(BACK), lastChanges(BACK), compare(BACK)];

export const LET_IN_STEPS: readonly MoveStep[] = [letIn];

/** @throws YardError failed with the findings, when the two differ */
export async function compareSides(move: DatabaseMove, report: StepReport, signal?: AbortSignal) {
  const found = await verifyDatabases({ ...move, report, signal });
  if (found.equal) return found;
  throw new YardError(
    'failed',
    sayReport(found).join('\n'),
    'Look at the rows above on either side; nothing was switched. Let writes in again with: yard db thaw.',
  );
}
