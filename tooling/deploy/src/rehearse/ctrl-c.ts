import { createClient, type DatabaseOptions } from '@labelyard/db';
import { FREEZE_LOCK } from '../database/capture/capture-schema.js';
import type { YardRun, YardWatch } from './yard-process.js';

/** Of the Labeler DB: nobody in a rehearsal uses it but whoever looks at all tables, as the steps after the stop do. */
const QUIET_TABLE = 'comments';

export interface CtrlCOptions {
  /** The Labeler DB that people use. */
  readonly labeler: DatabaseOptions;
  /** The number of the step that stops writes; 1 is the first. */
  readonly stop_step: number;
  readonly run: (watch: YardWatch) => Promise<YardRun>;
}

/**
 * Presses Ctrl-C while writes are stopped, on fast and on busy machines alike: the stop waits for somebody who writes until a lock is there
 * that holds up what comes after it.
 */
export async function pressCtrlC({ labeler, stop_step, run }: CtrlCOptions): Promise<YardRun> {
  const holder = createClient(labeler);
  await holder.connect();
  try {
    await holder.query(`select pg_advisory_lock_shared(${FREEZE_LOCK})`);
    const holdTheRest = async () => {
      await holder.query('begin');
      await holder.query(`lock table ${QUIET_TABLE} in access exclusive mode`);
      await holder.query(`select pg_advisory_unlock_shared(${FREEZE_LOCK})`);
    };
    let held: Promise<void> | undefined;
    const ended = await run({
      onStep(step, kill) {
        if (step === stop_step) {
          held = holdTheRest();
          // Told below, when the command has ended.
          held.catch(() => undefined);
        }
        if (step === stop_step + 1) kill('SIGINT');
      },
    });
    await held;
    return ended;
  } finally {
    await holder.end();
  }
}
