import { setTimeout as delay } from 'node:timers/promises';
import type { CommandContext } from '../cli/command.js';
import { EXIT, type ExitCode } from '../cli/exit-code.js';
import { YardError } from '../cli/yard-error.js';
import { keepEvidence } from '../report/evidence.js';
import { applySteps } from '../steps/run-steps.js';
import type { Step } from '../steps/step.js';
import type { Cutover } from './cutover.js';
import { ABANDON_STEPS, AHEAD_STEPS, BACKWARD_STEPS, FINISH_STEPS, FORWARD_STEPS } from './cutover-steps.js';
import { type OpenCutover, reportOn } from './open-cutover.js';
import type { Proof } from './part-move.js';
import { refuseBackOutOfOrder } from './phases.js';
import type { WritesStopped } from './write-stop.js';

/** How often a comparison looks again at what people changed while it ran. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 500;

/** Forward. What goes wrong before the switch lets writes in again. */
export async function applyCutover(open: OpenCutover, context: CommandContext): Promise<ExitCode> {
  const { cutover, plan } = open;
  if (plan.body.ahead) {
    await runAll(AHEAD_STEPS, open, context);
    context.out.answer({ switched: false, journal: open.journal.path }, ['Copied ahead; nothing was switched.']);
    return EXIT.ok;
  }
  try {
    await runAll(FORWARD_STEPS, open, context);
  } catch (error) {
    if (cutover.installation.side() === 'from') await reopen(open, context);
    throw error;
  }
  const seconds = open.stopSeconds();
  const says = `${open.from.name} → ${open.to.name}, ${countOf(plan.body.parts.length, 'part')}, writes were stopped for ${seconds?.toFixed(1) ?? 'no'} s`;
  keepEvidence(context.state, {
    kind: 'cutover',
    about: [open.from.name, open.to.name],
    ok: seconds === null || seconds < 300,
    says,
    data: { stop_seconds: seconds, parts: plan.body.parts, journal: open.journal.path },
  });
  context.out.answer({ switched: true, stop_seconds: seconds, journal: open.journal.path }, [`Moved: ${says}`]);
  return EXIT.ok;
}

/** Back from the new side, or out of a move that never switched. */
export async function rollBackCutover(open: OpenCutover, context: CommandContext): Promise<ExitCode> {
  const { cutover, plan, from, to } = open;
  const planned = plan.body.parts.map(({ part }) => part);
  refuseBackOutOfOrder(planned, cutover.installation.environment(), from, to);
  const begun = open.journal.entries.some(({ step, event }) => step.startsWith('back:') && event === 'began');
  if (cutover.installation.side() === 'from' && !begun) {
    await runAll(ABANDON_STEPS, open, context);
    context.out.answer({ rolled_back: true, switched: false }, ['Given up: the installation stays where it is.']);
    return EXIT.ok;
  }
  try {
    await runAll(BACKWARD_STEPS, open, context);
  } catch (error) {
    if (cutover.installation.side() === 'to') await cutover.writes.to.open();
    throw error;
  }
  const seconds = open.stopSeconds();
  const says = `${open.to.name} → ${open.from.name}, with everything written since; writes were stopped for ${seconds?.toFixed(1) ?? 'no'} s`;
  keepEvidence(context.state, {
    kind: 'rollback',
    about: [open.to.name, open.from.name],
    ok: true,
    says,
    data: { stop_seconds: seconds, journal: open.journal.path },
  });
  context.out.answer({ rolled_back: true, switched: true, stop_seconds: seconds, journal: open.journal.path }, [
    `Back: ${says}`,
  ]);
  return EXIT.ok;
}

export async function finishCutover(open: OpenCutover, context: CommandContext): Promise<ExitCode> {
  if (open.cutover.installation.side() === 'from')
    throw new YardError(
      'bad_input',
      'The installation has not switched: there is nothing to sign off.',
      'Move first (yard cutover apply), or give the move up (yard cutover rollback).',
    );
  await runAll(FINISH_STEPS, open, context);
  context.out.answer({ finished: true }, ['Signed off: the way back is closed.']);
  return EXIT.ok;
}

/** Every step as it stands; nothing is changed. */
export async function showCutover(open: OpenCutover, context: CommandContext): Promise<ExitCode> {
  const steps: { id: string; title: string; done: boolean; says: string }[] = [];
  const journaled = new Map(open.journal.entries.map((entry) => [entry.step, entry]));
  for (const step of open.plan.body.ahead ? AHEAD_STEPS : FORWARD_STEPS) {
    const { id, title } = step;
    const last = journaled.get(id);
    const ended = last && ['done', 'found done'].includes(last.event);
    const { done, says } = ended
      ? { done: true, says: `${last.at.slice(0, 19).replace('T', ' ')} UTC, ${(last.seconds ?? 0).toFixed(1)} s` }
      : await step.inspect(open.cutover, context.signal);
    steps.push({ id, title, done, says });
  }
  const side = open.cutover.installation.side();
  const stopped = await open.cutover.writes[side].stopped();
  context.out.answer({ side, writes_stopped_at: stopped?.since ?? null, steps, journal: open.journal.path }, [
    `The installation lives in "${side === 'from' ? open.from.name : open.to.name}"; writes are ${writesInWords(stopped)}.`,
    ...steps.map(({ title, done, says }) => `${done ? '✓' : '·'} ${title}: ${says}`),
  ]);
  return steps.every(({ done }) => done) && stopped === null ? EXIT.ok : EXIT.differences;
}

/** Compares both ends, whichever the installation lives in. */
export async function verifyCutover(
  open: OpenCutover,
  context: CommandContext,
  stopWrites: boolean,
): Promise<ExitCode> {
  const { cutover } = open;
  const side = cutover.installation.side();
  const writes = cutover.writes[side];
  const stopHere = stopWrites && !(await writes.stopped())?.whole;
  if (stopHere) cutover.onStopped((await writes.stop()).stopped_at);
  try {
    const proofs: Record<string, Proof> = {};
    for (const part of cutover.parts) {
      const move = side === 'from' ? part.forward : part.back;
      using report = reportOn(context)({ title: `Compare ${move.says}` });
      const follows =
        side === 'from' ? (await move.copied(context.signal)).done : await part.wayBackIsOpen(context.signal);
      if (!follows)
        throw new YardError(
          'failed',
          side === 'from' ? 'Nothing was copied yet.' : 'The way back was given up, so the old side no longer follows.',
          side === 'from' ? 'Run yard cutover apply.' : 'Compare by hand: yard db verify, yard storage check.',
        );
      let proof: Proof;
      for (let look = 1; ; look += 1) {
        await move.catchUp(report, context.signal);
        proof = await move.prove(report, context.signal);
        if (proof.equal || look === LOOKS) break;
        report.say('something differs: looking again at what people changed meanwhile');
        await delay(BETWEEN_LOOKS_MS, undefined, { signal: context.signal });
      }
      proofs[move.part] = proof;
      cutover.onProof(move.part, proof);
    }
    const all = Object.values(proofs);
    context.out.answer(
      { equal: all.every(({ equal }) => equal), side, proofs },
      all.flatMap(({ equal, says, differences }) => [
        `${equal ? '✓' : '✗'} ${says}`,
        ...differences.map((line) => `    ${line}`),
      ]),
    );
    return all.every(({ equal }) => equal) ? EXIT.ok : EXIT.differences;
  } finally {
    if (stopHere) {
      await writes.open();
      cutover.onOpened();
    }
  }
}

function writesInWords(stopped: WritesStopped | null): string {
  if (!stopped) return 'open';
  if (stopped.whole) return `stopped since ${stopped.since}`;
  return `half stopped since ${stopped.since} (the command was killed: run it again, or roll back)`;
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

async function runAll(steps: readonly Step<Cutover>[], open: OpenCutover, context: CommandContext): Promise<void> {
  using shown = new DisposableStack();
  await applySteps(steps, open.cutover, {
    journal: open.journal,
    signal: context.signal,
    reportFor: (step) => shown.use(reportOn(context)(step)),
  });
}

/** The old side is the truth until the switch: nobody is kept waiting for a move that failed. */
async function reopen({ cutover }: OpenCutover, { out }: CommandContext): Promise<void> {
  if ((await cutover.writes.from.stopped()) === null) return;
  await cutover.writes.from.open();
  out.mark('warn', 'It failed before the switch: writes are open again on the old side, nothing was switched');
}
