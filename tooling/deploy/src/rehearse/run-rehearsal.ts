import { setTimeout as delay } from 'node:timers/promises';
import { YardError } from '../cli/yard-error.js';
import { BACKWARD_STEPS, FORWARD_STEPS } from '../cutover/cutover-steps.js';
import { labelerDatabase, storageOf } from '../ends/open-ends.js';
import { loadProfiles } from '../profiles/load-profiles.js';
import { startCrew } from './crew.js';
import { Ledger } from './ledger.js';
import { judge, type Verdict } from './oracle.js';
import { seedInstallation, signIn } from './seed-installation.js';
import { buildStage, SIDES, type Stage } from './stage.js';
import type { SideOptions } from './stage-servers.js';
import type { WriterProject } from './writer.js';
import { runYard, type YardRun } from './yard-process.js';

export interface RehearsalOptions {
  readonly from: SideOptions;
  readonly to: SideOptions;
  readonly images: number;
  readonly annotations: number;
  readonly writers: number;
  /** How often the command that moves is killed on its way there, and as often on its way back. */
  readonly kills: number;
  readonly say: (line: string) => void;
  readonly progress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/** One way of the move, as it went. */
export interface Leg {
  readonly seconds: number;
  /** Writes were refused for so long, as the databases saw it. */
  readonly stop_seconds: number | null;
  /** The longest time between two acknowledged writes, as the writers saw it. */
  readonly longest_wait_seconds: number;
  readonly kills: number;
  readonly verdict: Verdict;
}

export interface Rehearsal {
  readonly images: number;
  readonly annotations: number;
  readonly writes: { readonly attempted: number; readonly accepted: number; readonly retried: number };
  readonly there: Leg;
  readonly back: Leg;
  /** In words; empty when nothing was lost, doubled or answered wrongly. */
  readonly problems: readonly string[];
}

/** Writers get ahead before the move begins, and label on between the ways. */
const LABEL_MS = 3_000;
/** A power cut comes at most so long after a step began. */
const LONGEST_STEP_MS = 900;

/**
 * Moves an installation to other databases and another storage and back while writers never stop, with real servers on this machine, and
 * compares everything that was acknowledged with what each side holds.
 *
 * @throws YardError failed when a command of the move fails for good
 */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsal> {
  const { say } = options;
  const stage = await buildStage(options);
  try {
    const profiles = await loadProfiles(stage.folder, {});
    const sides = { from: profiles.get(SIDES.from), to: profiles.get(SIDES.to) };
    const { token, user_id } = await signIn(stage.api, stage.login);
    say(`Filling the installation: ${options.images} images, ${options.annotations} annotations`);
    const project = await seedInstallation({
      ...options,
      origin: stage.api,
      token,
      user_id,
      labeler: labelerDatabase(sides.from),
    });
    const ledger = new Ledger();
    const problems: string[] = [];
    const work = { stage, token, project, ledger, problems, options };
    await yard(stage, ['cutover', 'plan', '--from', SIDES.from, '--to', SIDES.to], say);
    const there = await travel(work, ['cutover', 'apply'], sides.to);
    const back = await travel(work, ['cutover', 'rollback'], sides.from);
    problems.push(...there.verdict.problems, ...back.verdict.problems);
    const { attempted, accepted, retried } = ledger;
    if (attempted !== accepted + problems.length && problems.length === 0)
      problems.push(`${attempted} writes were begun, ${accepted} were acknowledged`);
    return {
      images: options.images,
      annotations: options.annotations,
      writes: { attempted, accepted, retried },
      there,
      back,
      problems,
    };
  } finally {
    await stage.stop();
  }
}

interface Work {
  readonly stage: Stage;
  readonly token: string;
  readonly project: WriterProject;
  readonly ledger: Ledger;
  readonly problems: string[];
  readonly options: RehearsalOptions;
}

/** One way, with writers at work from before its beginning until after its end, and a judgement of the side it leads to. */
async function travel(
  { stage, token, project, ledger, problems, options }: Work,
  command: readonly string[],
  side: Parameters<typeof labelerDatabase>[0],
): Promise<Leg> {
  const { say, kills, signal } = options;
  ledger.restartWaiting();
  const crew = startCrew({ writers: options.writers, origin: stage.api, token, project, ledger, problems });
  try {
    await delay(LABEL_MS, undefined, { signal });
    const began = performance.now();
    const killed = await killSome(stage, command, { kills, say });
    const run = await yard(stage, [...command, '--json'], say);
    const seconds = (performance.now() - began) / 1_000;
    await delay(LABEL_MS, undefined, { signal });
    const longest_wait_seconds = ledger.longest_wait_seconds;
    // Exact although people write; they wait for it once more.
    if (command[1] === 'apply') await yard(stage, ['cutover', 'verify', '--stop-writes'], say);
    await crew.stop();
    const { stop_seconds } = JSON.parse(run.stdout) as { stop_seconds: number | null };
    say(`Comparing what was acknowledged with what "${side.name}" holds`);
    const verdict = await judge({ labeler: labelerDatabase(side), storage: storageOf(side) }, project, ledger);
    return { seconds, stop_seconds, longest_wait_seconds, kills: killed, verdict };
  } finally {
    await crew.stop();
  }
}

/**
 * Lets the command begin and die, again and again, each time at another point from its first step to its last; answers how often it was
 * still at work.
 */
async function killSome(
  stage: Stage,
  command: readonly string[],
  { kills, say }: { kills: number; say: (line: string) => void },
): Promise<number> {
  const steps = (command[1] === 'apply' ? FORWARD_STEPS : BACKWARD_STEPS).length;
  let killed = 0;
  for (let n = 0; n < kills; n += 1) {
    const in_step = 1 + Math.floor(((n + 0.5) * steps) / kills);
    const after_ms = Math.round(Math.random() * LONGEST_STEP_MS);
    const run = await runYard(stage.folder, command, { kill: { in_step, after_ms } });
    if (run.exit_code === null) {
      killed += 1;
      const step = run.stderr.split('\n').findLast((line) => line.startsWith('▸')) ?? '▸ before the first step';
      say(`kill ${n + 1} in step ${in_step} after ${after_ms} ms: ${step.slice(2)}`);
    } else if (run.exit_code !== 0) throw failed(command, run);
    else {
      say(`kill ${n + 1} came too late: it was done`);
      break;
    }
  }
  return killed;
}

async function yard(stage: Stage, args: readonly string[], say: (line: string) => void): Promise<YardRun> {
  say(`$ yard ${args.join(' ')}`);
  const run = await runYard(stage.folder, args, { onLine: (line) => say(`    ${line}`) });
  if (run.exit_code !== 0) throw failed(args, run);
  return run;
}

function failed(args: readonly string[], run: YardRun): YardError {
  return new YardError(
    'failed',
    `yard ${args.join(' ')} ended with ${run.exit_code ?? 'a signal'}:\n${run.stderr.slice(-3_000)}\n${run.stdout.slice(0, 3_000)}`,
    'Read what it says; the rehearsal has removed everything it made.',
  );
}
