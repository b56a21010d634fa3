import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../cli/yard-error.js';
import { BACKWARD_STEPS, FORWARD_STEPS } from '../cutover/cutover-steps.js';
import { pressCtrlC } from './ctrl-c.js';
import { failed, lastStep, runYard } from './yard-process.js';

/** How often a command was still at work when it was ended. */
export interface Interrupted {
  readonly kills: number;
  /** By Ctrl-C while writes were stopped, and people wrote again where they wrote before. */
  readonly by_hand: boolean;
}

interface Way {
  readonly folder: string;
  readonly command: readonly string[];
  /** The Labeler DB it leads away from. */
  readonly labeler: DatabaseOptions;
  readonly say: (line: string) => void;
}

/** A power cut comes at most so long after a step began. */
const LONGEST_STEP_MS = 900;

/**
 * Lets the command begin and be given up by Ctrl-C, and then begin and die, again and again, each time at another point from its first step
 * to its last.
 *
 * @throws YardError failed when it ends otherwise, or when Ctrl-C leaves writes stopped
 */
export async function interruptOften(way: Way, kills: number): Promise<Interrupted> {
  if (kills === 0) return { kills: 0, by_hand: false };
  const steps = way.command[1] === 'apply' ? FORWARD_STEPS : BACKWARD_STEPS;
  await giveUp(way, steps);
  return { kills: await killOften(way, steps.length, kills), by_hand: true };
}

async function giveUp(
  { folder, command, labeler, say }: Way,
  steps: readonly { readonly id: string }[],
): Promise<void> {
  const run = await pressCtrlC({
    labeler,
    stop_step: 1 + steps.findIndex(({ id }) => id.endsWith('stop-writes')),
    run: (watch) => runYard(folder, command, watch),
  });
  if (run.exit_code !== 130) throw failed(command, run);
  const { stdout } = await runYard(folder, ['cutover', 'status', '--json']);
  const { side, writes_stopped_at } = JSON.parse(stdout) as { side: 'from' | 'to'; writes_stopped_at: string | null };
  if (writes_stopped_at !== null || side !== (steps === FORWARD_STEPS ? 'from' : 'to'))
    throw new YardError(
      'failed',
      `After Ctrl-C the installation lives in its side "${side}", and writes are ${writes_stopped_at === null ? 'open' : `stopped since ${writes_stopped_at}`}.`,
      'Report it.',
    );
  say('Ctrl-C while writes were stopped: they are open again, nothing was switched');
}

/** How many kills came in time. */
async function killOften({ folder, command, say }: Way, steps: number, kills: number): Promise<number> {
  for (let done = 0; done < kills; done += 1) {
    const in_step = 1 + Math.floor(((done + 0.5) * steps) / kills);
    const after_ms = Math.round(Math.random() * LONGEST_STEP_MS);
    const what = `SIGKILL ${done + 1} in step ${in_step} after ${after_ms} ms`;
    let timer: NodeJS.Timeout | undefined;
    const run = await runYard(folder, command, {
      onStep(step, kill) {
        if (step === in_step) timer = setTimeout(kill, after_ms, 'SIGKILL');
        // Faster than thought: nothing is left to be killed in after it.
        if (step === steps) kill('SIGKILL');
      },
    });
    clearTimeout(timer);
    if (run.exit_code === 0) {
      say(`${what} came too late: it was done`);
      return done;
    }
    if (run.exit_code !== null) throw failed(command, run);
    say(`${what}: ${lastStep(run)}`);
  }
  return kills;
}
