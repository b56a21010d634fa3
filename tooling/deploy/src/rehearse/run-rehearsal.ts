import { setTimeout as delay } from 'node:timers/promises';
import { labelerDatabase, storageOf } from '../ends/open-ends.js';
import { loadProfiles } from '../profiles/load-profiles.js';
import type { Profile } from '../profiles/profile.js';
import { startCrew } from './crew.js';
import { Ledger } from './ledger.js';
import { interruptOften } from './interruptions.js';
import { judge, type Verdict } from './oracle.js';
import { seedInstallation, signIn } from './seed-installation.js';
import { buildStage, SIDES, type Stage } from './stage.js';
import type { SideOptions } from './stage-servers.js';
import type { WriterProject } from './writer.js';
import { succeed } from './yard-process.js';

export interface RehearsalOptions {
  readonly from: SideOptions;
  readonly to: SideOptions;
  readonly images: number;
  readonly annotations: number;
  readonly writers: number;
  /** How often the command that moves is killed on its way there, and as often on its way back; with any, it is interrupted once as well. */
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
  /** It was also stopped by Ctrl-C while writes were stopped, and let people write again. */
  readonly interrupted: boolean;
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
    await succeed(stage.folder, ['cutover', 'plan', '--from', SIDES.from, '--to', SIDES.to], say);
    const there = await travel(work, ['cutover', 'apply'], { leaves: sides.from, leads: sides.to });
    const back = await travel(work, ['cutover', 'rollback'], { leaves: sides.to, leads: sides.from });
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
  { leaves, leads }: { readonly leaves: Profile; readonly leads: Profile },
): Promise<Leg> {
  const { say, signal } = options;
  ledger.restartWaiting();
  const crew = startCrew({ writers: options.writers, origin: stage.api, token, project, ledger, problems });
  try {
    await delay(LABEL_MS, undefined, { signal });
    const began = performance.now();
    const ended = await interruptOften(
      { folder: stage.folder, command, labeler: labelerDatabase(leaves), say },
      options.kills,
    );
    const run = await succeed(stage.folder, [...command, '--json'], say);
    const seconds = (performance.now() - began) / 1_000;
    await delay(LABEL_MS, undefined, { signal });
    const longest_wait_seconds = ledger.longest_wait_seconds;
    // Exact although people write; they wait for it once more.
    if (command[1] === 'apply') await succeed(stage.folder, ['cutover', 'verify', '--stop-writes'], say);
    await crew.stop();
    const { stop_seconds } = JSON.parse(run.stdout) as { stop_seconds: number | null };
    say(`Comparing what was acknowledged with what "${leads.name}" holds`);
    const verdict = await judge({ labeler: labelerDatabase(leads), storage: storageOf(leads) }, project, ledger);
    return { seconds, stop_seconds, longest_wait_seconds, kills: ended.kills, interrupted: ended.by_hand, verdict };
  } finally {
    await crew.stop();
  }
}
