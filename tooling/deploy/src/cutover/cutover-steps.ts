import { YardError } from '../cli/yard-error.js';
import type { CutoverStep } from './cutover.js';
import type { MovablePart } from './part-move.js';
import { takeOverSteps, type WayOfMove } from './take-over-steps.js';

const THERE: WayOfMove = { prefix: '', move: 'forward', leaves: 'from', leads: 'to' };
const BACK: WayOfMove = { prefix: 'back:', move: 'back', leaves: 'to', leads: 'from' };

/** The way there. Steps before the switch have nothing to do once it is done. */
export const FORWARD_STEPS: readonly CutoverStep[] = [
  ...untilSwitched(THERE, [
    {
      id: 'reach',
      title: 'Reach the databases of both sides',
      // Before anything is begun on the side that people use.
      inspect: async ({ parts }, signal) => {
        await Promise.all(parts.map(({ forward }) => forward.copied(signal)));
        return { done: true, says: 'all databases answer' };
      },
      apply: async () => undefined,
    },
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
      inspect: async ({ watch }, signal) => ({
        done: await watch.isOn(signal),
        says: 'each change from here on is written down, while people work on',
      }),
      apply: ({ watch }, report, signal) => watch.begin(report, signal),
    },
    {
      id: 'copy',
      title: 'Copy everything while people work on',
      inspect: async ({ parts }, signal) => {
        const found = await Promise.all(parts.map(({ forward }) => forward.copied(signal)));
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
      inspect: async ({ parts }, signal) => ({
        done: await wayBackIsOpen(parts, signal),
        says: 'each change on the new side is written down from the first one on',
      }),
      async apply({ parts }, report, signal) {
        for (const part of parts) await part.openWayBack(report, signal);
      },
    },
    ...takeOverSteps(THERE),
  ]),
  ...switchSteps(THERE),
];

/** Copies ahead of the move that will switch: the longest part of it, at leisure. */
export const AHEAD_STEPS: readonly CutoverStep[] = FORWARD_STEPS.filter(({ id }) => ['copy', 'catch-up'].includes(id));

/** The way back from the new side, with everything that was written there. */
export const BACKWARD_STEPS: readonly CutoverStep[] = [
  ...untilSwitched(BACK, [
    {
      id: 'back:watch',
      title: 'See that changes were logged',
      inspect: async ({ parts }, signal) => {
        if (await wayBackIsOpen(parts, signal))
          return { done: false, says: 'every change since the switch was written down' };
        throw new YardError(
          'failed',
          'The way back is closed: changes on the new side were not logged from the first one on (yard cutover finish ends it).',
          'Move back like forward, with a plan in the other direction: yard cutover plan.',
        );
      },
      apply: ({ watch }, report, signal) => watch.beginStaying(report, signal),
    },
    ...takeOverSteps(BACK),
  ]),
  ...switchSteps(BACK),
  endWatch('back:end-watch', 'from', 'on the old side; the new side stays closed for writes'),
];

/** A cutover that never switched is given up: the installation stays where it is. */
export const ABANDON_STEPS: readonly CutoverStep[] = [
  letIn('abandon:open', 'from', 'the installation has not switched: it stays where it is'),
  endWatch('abandon:end-watch', 'from', 'on the side it was moved from'),
];

/** The move is signed off: the way back is given up. */
export const FINISH_STEPS: readonly CutoverStep[] = [
  endWatch('finish:end-watch', 'to', 'on the new side; the old side stays as it was, closed for writes'),
];

/** The steps with nothing to do once the installation lives where the way leads: its old side must not overwrite it. */
function untilSwitched({ leads }: WayOfMove, steps: readonly CutoverStep[]): CutoverStep[] {
  return steps.map((step) => ({
    ...step,
    inspect: async (cutover, signal) =>
      cutover.installation.side() === leads
        ? { done: true, says: 'done: the installation has switched' }
        : step.inspect(cutover, signal),
  }));
}

function switchSteps({ prefix, leads }: WayOfMove): CutoverStep[] {
  return [
    {
      id: `${prefix}switch`,
      title: `Switch the installation ${leads === 'to' ? 'over' : 'back'}`,
      inspect: async ({ installation }) => ({
        // A run that was killed between the two may have switched without restarting: once more does no harm.
        done: false,
        says:
          installation.side() === leads
            ? 'its environment has switched; it is started once more'
            : 'another environment, then a restart',
      }),
      apply: ({ installation }, report, signal) => installation.switchTo(leads, report, signal),
    },
    letIn(`${prefix}open`, leads, 'what waits in the browsers is sent now'),
    {
      id: `${prefix}seen`,
      title: `See that the API answers from the ${leads === 'to' ? 'new' : 'old'} side`,
      inspect: async () => ({ done: false, says: 'the other side stays closed for writes' }),
      apply: ({ installation }, report, signal) => installation.seen(leads, report, signal),
    },
  ];
}

function letIn(id: string, side: 'from' | 'to', says: string): CutoverStep {
  return {
    id,
    title: `Let writes in on the ${side === 'to' ? 'new' : 'old'} side`,
    inspect: async () => ({ done: false, says }),
    async apply({ writes, onOpened }) {
      await writes[side].open();
      onOpened();
    },
  };
}

function endWatch(id: string, side: 'from' | 'to', says: string): CutoverStep {
  return {
    id,
    title: 'End the logging of changes',
    inspect: async () => ({ done: false, says }),
    apply: ({ watch }, report, signal) => watch.end(side, report, signal),
  };
}

async function wayBackIsOpen(parts: readonly MovablePart[], signal: AbortSignal): Promise<boolean> {
  const open = await Promise.all(parts.map((part) => part.wayBackIsOpen(signal)));
  return open.every(Boolean);
}
