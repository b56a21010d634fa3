import { applySteps, type StepEntry } from '../steps/run-steps.js';
import type { Cutover } from './cutover.js';
import { BACKWARD_STEPS, FORWARD_STEPS } from './cutover-steps.js';
import { stopSeconds } from './open-cutover.js';
import type { MovablePart, PartMove } from './part-move.js';

const report = { say: () => undefined, progress: () => undefined };

/** A part in memory: what was done to it, in order; `breaks` makes one call fail. */
function scenario({
  changes = [900, 40],
  equal = true,
  reachable = true,
}: { changes?: number[]; equal?: boolean; reachable?: boolean } = {}) {
  const calls: string[] = [];
  let side: 'from' | 'to' = 'from';
  let copied = false;
  let wayBack = false;
  let watched = false;
  const stopped = { from: null as string | null, to: null as string | null };
  const call = async (name: string) => void calls.push(name);
  const move = (way: string): PartMove => ({
    part: 'labeler_db',
    says: way,
    async copied() {
      if (!reachable) throw new Error('no such database');
      return { done: copied, says: 'copied' };
    },
    async copy() {
      await call('copy');
      copied = true;
    },
    async catchUp() {
      await call(`${way} catch-up`);
      return changes.shift() ?? 0;
    },
    finish: () => call(`${way} finish`),
    async prove() {
      await call(`${way} prove`);
      return { equal, says: 'compared', differences: equal ? [] : ['id = 7: changed'], compared: 1, data: null };
    },
  });
  const part: MovablePart = {
    part: 'labeler_db',
    forward: move('forward'),
    back: move('back'),
    async openWayBack() {
      await call('way back');
      wayBack = true;
    },
    wayBackIsOpen: async () => wayBack,
  };
  const writes = (name: 'from' | 'to') => ({
    async stop() {
      await call(`stop ${name}`);
      stopped[name] = '2026-01-01T00:00:00.000Z';
      return { stopped_at: stopped[name] };
    },
    async open() {
      await call(`open ${name}`);
      stopped[name] = null;
    },
    stopped: async () => {
      const since = stopped[name];
      return since === null ? null : { since, whole: true };
    },
  });
  const cutover: Cutover = {
    parts: [part],
    installation: {
      side: () => side,
      environment: () => ({}),
      async switchTo(to) {
        await call(`switch to ${to}`);
        side = to;
      },
      seen: (where) => call(`seen on ${where}`),
    },
    writes: { from: writes('from'), to: writes('to') },
    watch: {
      isOn: async () => watched,
      async begin() {
        await call('watch');
        watched = true;
      },
      beginStaying: () => call('watch what stays'),
      end: (name) => call(`end watch ${name}`),
    },
    backup: null,
    onStopped: () => undefined,
    onOpened: () => undefined,
    onProof: () => undefined,
  };
  const entries: StepEntry[] = [];
  const run = (steps: typeof FORWARD_STEPS) =>
    applySteps(steps, cutover, {
      journal: { append: (entry) => void entries.push(entry) },
      reportFor: () => report,
      signal: new AbortController().signal,
    });
  return { calls, run, entries };
}

const FORWARD = [
  'watch',
  'copy',
  'way back',
  'forward catch-up',
  'forward catch-up',
  'stop from',
  'forward finish',
  'forward prove',
  'switch to to',
  'open to',
  'seen on to',
];

test('there: the way back is laid and both sides are compared before anybody uses the new one', async () => {
  const { calls, run } = scenario();
  await run(FORWARD_STEPS);
  expect(calls).toEqual(FORWARD);
});

test('nothing is begun on the side people use while the other one does not answer', async () => {
  const { calls, run } = scenario({ reachable: false });
  await expect(run(FORWARD_STEPS)).rejects.toThrow('no such database');
  expect(calls).toEqual([]);
});

test('what differs is never switched to', async () => {
  const { calls, run } = scenario({ equal: false });
  await expect(run(FORWARD_STEPS)).rejects.toThrow('id = 7: changed');
  expect(calls).not.toContain('switch to to');
});

test('a second run after the switch only starts the new side once more: the old one must not overwrite it', async () => {
  const { calls, run } = scenario();
  await run(FORWARD_STEPS);
  calls.length = 0;
  await run(FORWARD_STEPS);
  expect(calls).toEqual(['switch to to', 'open to', 'seen on to']);
});

test('back: everything written since is taken back, compared, and only then the old side is opened', async () => {
  const { calls, run } = scenario({ changes: [0, 10] });
  await run(FORWARD_STEPS);
  calls.length = 0;
  await run(BACKWARD_STEPS);
  expect(calls).toEqual([
    'watch what stays',
    'back catch-up',
    'stop to',
    'back finish',
    'back prove',
    'switch to from',
    'open from',
    'seen on from',
    'end watch from',
  ]);
});

test('people who write faster than changes are taken over do not hold the move up for ever', async () => {
  const { calls, run } = scenario({ changes: [5_000, 5_000, 5_000, 5_000, 5_000] });
  await run(FORWARD_STEPS);
  expect(calls.filter((name) => name === 'forward catch-up')).toHaveLength(4);
});

test('the stop is counted from the databases’ first refusal to the first write, across runs', () => {
  const entry = (step: string, at: string, data?: unknown): StepEntry => ({ step, at, event: 'done', data });
  expect(stopSeconds([])).toBeNull();
  expect(
    stopSeconds([
      entry('stop-writes', '2026-01-01T00:00:03.000Z', { stopped_at: '2026-01-01T00:00:01.000Z' }),
      entry('prove', '2026-01-01T00:00:04.000Z'),
      entry('open', '2026-01-01T00:00:09.500Z'),
    ]),
  ).toBe(8.5);
});

test('a stop that failed and was lifted is not counted with the one after it', () => {
  const stop = (at: string): StepEntry => ({ step: 'stop-writes', at, event: 'done', data: { stopped_at: at } });
  expect(
    stopSeconds([
      stop('2026-01-01T00:00:01.000Z'),
      { step: 'prove', at: '2026-01-01T00:00:02.000Z', event: 'failed', says: 'Both sides differ' },
      stop('2026-01-01T09:00:00.000Z'),
      { step: 'open', at: '2026-01-01T09:00:04.000Z', event: 'done' },
    ]),
  ).toBe(4);
});

test('a stop whose command was killed before it could write so is counted as well', async () => {
  const { run, entries } = scenario();
  await run(FORWARD_STEPS.slice(0, 1 + FORWARD_STEPS.findIndex(({ id }) => id === 'stop-writes')));
  // As if the power had gone between the databases' refusal and the journal's line.
  expect(entries.pop()).toMatchObject({ step: 'stop-writes', event: 'done' });
  await run(FORWARD_STEPS);
  expect(entries).toContainEqual(expect.objectContaining({ step: 'stop-writes', event: 'found done' }));
  expect(stopSeconds(entries)).toBeGreaterThan(0);
});
