import { YardError } from '../cli/yard-error.js';
import { BACKWARD_STEPS, FORWARD_STEPS } from '../cutover/cutover-steps.js';
import { failed, type Interruption, runYard } from './yard-process.js';

/** How often a command was still at work when it was ended. */
export interface Interrupted {
  readonly kills: number;
  /** By Ctrl-C while writes were stopped, and people wrote again where they wrote before. */
  readonly by_hand: boolean;
}

interface Way {
  readonly folder: string;
  readonly command: readonly string[];
  readonly say: (line: string) => void;
}

/** A power cut comes at most so long after a step began. */
const LONGEST_STEP_MS = 900;

/**
 * Lets the command begin and die, again and again, each time at another point from its first step to its last, with one Ctrl-C among them.
 *
 * @throws YardError failed when it ends otherwise, or when Ctrl-C leaves writes stopped
 */
export async function interruptOften({ folder, command, say }: Way, kills: number): Promise<Interrupted> {
  const done = { kills: 0, by_hand: false };
  if (kills === 0) return done;
  for (const [n, end] of interruptions(isWayThere(command) ? FORWARD_STEPS : BACKWARD_STEPS, kills).entries()) {
    const run = await runYard(folder, command, { end });
    const what = `${end.by} ${n + 1} in step ${end.in_step} after ${end.after_ms} ms`;
    if (run.exit_code === null) {
      done.kills += 1;
      const step = run.stderr.split('\n').findLast((line) => line.startsWith('▸')) ?? '▸ before the first step';
      say(`${what}: ${step.slice(2)}`);
    } else if (run.exit_code === 130) {
      done.by_hand = await writesAreOpen({ folder, command, say });
    } else if (run.exit_code !== 0) throw failed(command, run);
    else {
      say(`${what} came too late: it was done`);
      break;
    }
  }
  return done;
}

function interruptions(steps: readonly { readonly id: string }[], kills: number): Interruption[] {
  const cuts = Array.from({ length: kills }, (_, n) => ({
    by: 'SIGKILL' as const,
    in_step: 1 + Math.floor(((n + 0.5) * steps.length) / kills),
    after_ms: Math.round(Math.random() * LONGEST_STEP_MS),
  }));
  const in_step = 1 + steps.findIndex(({ id }) => id.endsWith('last-changes'));
  return [{ by: 'SIGINT' as const, in_step, after_ms: 0 }, ...cuts].sort((a, b) => a.in_step - b.in_step);
}

/** False when it had switched already. @throws YardError failed when nobody can write where people wrote before */
async function writesAreOpen({ folder, command, say }: Way): Promise<boolean> {
  const { stdout } = await runYard(folder, ['cutover', 'status', '--json']);
  const { side, writes_stopped_at } = JSON.parse(stdout) as { side: 'from' | 'to'; writes_stopped_at: string | null };
  if (side !== (isWayThere(command) ? 'from' : 'to')) return false;
  if (writes_stopped_at !== null)
    throw new YardError('failed', `Ctrl-C left writes stopped since ${writes_stopped_at}.`, 'Report it.');
  say('Ctrl-C while writes were stopped: they are open again, nothing was switched');
  return true;
}

function isWayThere([, verb]: readonly string[]): boolean {
  return verb === 'apply';
}
