import { YardError } from '../cli/yard-error.js';
import type { Finding, Step, StepReport } from '../steps/step.js';
import type { Installation } from './installation.js';
import type { MovablePart, PartMove, Proof } from './part-move.js';
import { type Part, PART_FACTS } from './parts.js';
import type { WriteStop } from './write-stop.js';

/** What the steps of a cutover work with. */
export interface Cutover {
  readonly parts: readonly MovablePart[];
  readonly installation: Installation;
  /** Of the side it is moved from, and of the side it is moved to; the same where the Labeler DB stays. */
  readonly writes: { readonly from: WriteStop; readonly to: WriteStop };
  /** Begins to log changes where the installation is used, so that they can be taken over and writes can be stopped. */
  readonly watch: {
    isOn(signal: AbortSignal): Promise<boolean>;
    begin(report: StepReport, signal: AbortSignal): Promise<unknown>;
    /** Ends it on the side that is given, as far as no other side needs it. */
    end(side: 'from' | 'to', report: StepReport, signal: AbortSignal): Promise<void>;
  };
  readonly backup: ((report: StepReport, signal: AbortSignal) => Promise<unknown>) | null;
  /** Told when writes are stopped and open again, for the length of the stop. */
  readonly onStopped: (at: string) => void;
  readonly onOpened: () => void;
  readonly onProof: (part: Part, proof: Proof) => void;
}

type CutoverStep = Step<Cutover>;

/** Fewer changes than this are left for the time when writes are stopped: they take a moment. */
const FEW_CHANGES = 200;
const MOST_ROUNDS = 30;

const SWITCHED: Finding = { done: true, says: 'done: the installation has switched' };

/** The way there. Steps before the switch have nothing to do once it is done. */
export const FORWARD_STEPS: readonly CutoverStep[] = (
  [
    {
      id: 'backup',
      title: 'Back up what is moved',
      inspect: async ({ backup }) =>
        backup
          ? { done: false, says: 'a copy to fall back on, with its checksum' }
          : { done: true, says: 'not asked for' },
      apply: async ({ backup }, report, signal) => backup?.(report, signal),
    },
    {
      id: 'watch',
      title: 'Begin to log changes',
      inspect: async ({ watch }) => ({
        done: await watch.isOn(AbortSignal.timeout(60_000)),
        says: 'each change from here on is written down, while people work on',
      }),
      apply: ({ watch }, report, signal) => watch.begin(report, signal),
    },
    {
      id: 'copy',
      title: 'Copy everything while people work on',
      inspect: async ({ parts }) => {
        const found = await Promise.all(parts.map(({ forward }) => forward.copied(AbortSignal.timeout(60_000))));
        return { done: found.every(({ done }) => done), says: found.map(({ says }) => says).join('; ') };
      },
      async apply({ parts }, report, signal) {
        const results: Record<string, unknown> = {};
        for (const { part, forward } of parts) {
          const { done } = await forward.copied(signal);
          if (!done) results[part] = await forward.copy(report, signal);
        }
        return results;
      },
    },
    {
      id: 'way-back',
      title: 'Keep the way back open',
      inspect: async ({ parts }) => {
        const open = await Promise.all(parts.map((part) => part.wayBackIsOpen(AbortSignal.timeout(60_000))));
        return { done: open.every(Boolean), says: 'each change on the new side is written down from the first one on' };
      },
      async apply({ parts }, report, signal) {
        for (const part of parts) await part.openWayBack(report, signal);
      },
    },
    {
      id: 'catch-up',
      title: 'Take over what changed meanwhile',
      inspect: async () => ({ done: false, says: 'in rounds, until little is left' }),
      apply: ({ parts }, report, signal) =>
        catchUp(
          parts.map(({ forward }) => forward),
          report,
          signal,
        ),
    },
    {
      id: 'stop-writes',
      title: 'Stop writes',
      inspect: async ({ writes }) => {
        const at = await writes.from.stoppedAt();
        return { done: at !== null, says: at === null ? 'people can read on; writes wait' : `stopped since ${at}` };
      },
      async apply({ writes, onStopped }) {
        const { stopped_at } = await writes.from.stop();
        onStopped(stopped_at);
        return { stopped_at };
      },
    },
    {
      id: 'last-changes',
      title: 'Take over the last changes',
      inspect: async () => ({ done: false, says: 'nothing can be written any more' }),
      apply: ({ parts }, report, signal) =>
        finish(
          parts.map(({ forward }) => forward),
          report,
          signal,
        ),
    },
    {
      id: 'prove',
      title: 'Compare both sides',
      inspect: async () => ({ done: false, says: 'every row and every object' }),
      apply: ({ parts, onProof }, report, signal) =>
        prove(
          parts.map(({ forward }) => forward),
          { report, signal, onProof },
        ),
    },
  ] satisfies CutoverStep[]
)
  .map(beforeSwitch)
  .concat([
    {
      id: 'switch',
      title: 'Switch the installation over',
      inspect: async ({ installation }) => ({
        // A run that was killed between the two may have switched without restarting: once more does no harm.
        done: false,
        says:
          installation.side() === 'to'
            ? 'its environment has switched; it is started once more'
            : 'new environment, then a restart',
      }),
      apply: ({ installation }, report, signal) => installation.switchTo('to', report, signal),
    },
    {
      id: 'open',
      title: 'Let writes in on the new side',
      inspect: async () => ({ done: false, says: 'what waits in the browsers is sent now' }),
      async apply({ writes, onOpened }) {
        await writes.to.open();
        onOpened();
      },
    },
  ]);

/** Copies ahead of the move that will switch: the longest part of it, at leisure. */
export const AHEAD_STEPS: readonly CutoverStep[] = FORWARD_STEPS.filter(({ id }) => ['copy', 'catch-up'].includes(id));

/** The way back from the new side, with everything that was written there. */
export const BACKWARD_STEPS: readonly CutoverStep[] = (
  [
    {
      id: 'back:watch',
      title: 'See that changes were logged',
      inspect: async ({ parts }) => {
        const open = await Promise.all(parts.map((part) => part.wayBackIsOpen(AbortSignal.timeout(60_000))));
        if (open.every(Boolean)) return { done: true, says: 'every change since the switch was written down' };
        throw new YardError(
          'failed',
          'The way back is closed: changes on the new side were not logged from the first one on (yard cutover finish ends it).',
          'Move back like forward, with a plan in the other direction: yard cutover plan.',
        );
      },
      apply: async () => undefined,
    },
    {
      id: 'back:catch-up',
      title: 'Take back what was written since',
      inspect: async () => ({ done: false, says: 'in rounds, while people work on' }),
      apply: ({ parts }, report, signal) =>
        catchUp(
          parts.map(({ back }) => back),
          report,
          signal,
        ),
    },
    {
      id: 'back:stop-writes',
      title: 'Stop writes',
      inspect: async ({ writes }) => {
        const at = await writes.to.stoppedAt();
        return { done: at !== null, says: at === null ? 'people can read on; writes wait' : `stopped since ${at}` };
      },
      async apply({ writes, onStopped }) {
        const { stopped_at } = await writes.to.stop();
        onStopped(stopped_at);
        return { stopped_at };
      },
    },
    {
      id: 'back:last-changes',
      title: 'Take back the last changes',
      inspect: async () => ({ done: false, says: 'nothing can be written any more' }),
      apply: ({ parts }, report, signal) =>
        finish(
          parts.map(({ back }) => back),
          report,
          signal,
        ),
    },
    {
      id: 'back:prove',
      title: 'Compare both sides',
      inspect: async () => ({ done: false, says: 'every row and every object' }),
      apply: ({ parts, onProof }, report, signal) =>
        prove(
          parts.map(({ back }) => back),
          { report, signal, onProof },
        ),
    },
  ] satisfies CutoverStep[]
)
  .map(beforeSwitchBack)
  .concat([
    {
      id: 'back:switch',
      title: 'Switch the installation back',
      inspect: async () => ({ done: false, says: 'old environment, then a restart' }),
      apply: ({ installation }, report, signal) => installation.switchTo('from', report, signal),
    },
    {
      id: 'back:open',
      title: 'Let writes in on the old side',
      inspect: async () => ({ done: false, says: 'what waits in the browsers is sent now' }),
      async apply({ writes, onOpened }) {
        await writes.from.open();
        onOpened();
      },
    },
    {
      id: 'back:end-watch',
      title: 'End the logging of changes',
      inspect: async () => ({ done: false, says: 'on the old side; the new side stays closed for writes' }),
      apply: ({ watch }, report, signal) => watch.end('from', report, signal),
    },
  ]);

/** A cutover that never switched is given up: the installation stays where it is. */
export const ABANDON_STEPS: readonly CutoverStep[] = [
  {
    id: 'abandon:open',
    title: 'Let writes in',
    inspect: async () => ({ done: false, says: 'the installation has not switched: it stays where it is' }),
    async apply({ writes, onOpened }) {
      await writes.from.open();
      onOpened();
    },
  },
  {
    id: 'abandon:end-watch',
    title: 'End the logging of changes',
    inspect: async () => ({ done: false, says: 'on the side it was moved from' }),
    apply: ({ watch }, report, signal) => watch.end('from', report, signal),
  },
];

/** The move is signed off: the way back is given up. */
export const FINISH_STEPS: readonly CutoverStep[] = [
  {
    id: 'finish:end-watch',
    title: 'End the logging of changes on the new side',
    inspect: async () => ({ done: false, says: 'the old side stays as it was, closed for writes' }),
    apply: ({ watch }, report, signal) => watch.end('to', report, signal),
  },
];

function beforeSwitch(step: CutoverStep): CutoverStep {
  return {
    ...step,
    inspect: async (cutover) => (cutover.installation.side() === 'to' ? SWITCHED : step.inspect(cutover)),
  };
}

function beforeSwitchBack(step: CutoverStep): CutoverStep {
  return {
    ...step,
    inspect: async (cutover) => (cutover.installation.side() === 'from' ? SWITCHED : step.inspect(cutover)),
  };
}

/** Rounds get shorter while people write less than is taken over; where they do not, what is left is left for the stop. */
async function catchUp(
  moves: readonly PartMove[],
  report: StepReport,
  signal: AbortSignal,
): Promise<{ rounds: number }> {
  let before = Number.POSITIVE_INFINITY;
  for (let round = 1; ; round += 1) {
    let changes = 0;
    for (const move of moves) changes += await move.catchUp(report, signal);
    report.say(`round ${round}: ${changes.toLocaleString('en')} changes`);
    const shrinks = changes < before / 2;
    before = changes;
    if (changes <= FEW_CHANGES || (!shrinks && round > 3) || round === MOST_ROUNDS) return { rounds: round };
  }
}

async function finish(moves: readonly PartMove[], report: StepReport, signal: AbortSignal): Promise<void> {
  await Promise.all(moves.map((move) => move.finish(report, signal)));
}

async function prove(
  moves: readonly PartMove[],
  { report, signal, onProof }: { report: StepReport; signal: AbortSignal; onProof: Cutover['onProof'] },
): Promise<unknown> {
  const proofs = await Promise.all(
    moves.map(async (move) => {
      const proof = await move.prove(report, signal);
      onProof(move.part, proof);
      report.say(`${PART_FACTS[move.part].says}: ${proof.says}`);
      return { part: move.part, ...proof };
    }),
  );
  const wrong = proofs.filter(({ equal }) => !equal);
  if (wrong.length > 0)
    throw new YardError(
      'failed',
      `Both sides differ:\n${wrong.flatMap(({ part, differences }) => differences.slice(0, 10).map((line) => `  ${PART_FACTS[part].says}: ${line}`)).join('\n')}`,
      'Nothing was switched. See the runbook "verify differs"; then run yard cutover rollback, or apply again once it is understood.',
    );
  return proofs;
}
