import { YardError } from '../cli/yard-error.js';
import { applySteps, rollBackSteps, type StepEntry } from './run-steps.js';
import type { Step } from './step.js';

/** A world of things that are done or not, and steps that do them. */
function createWorld() {
  const done = new Set<string>();
  const calls: string[] = [];
  const said: string[] = [];
  const entries: StepEntry[] = [];
  const controller = new AbortController();
  let clock = 0;
  const step = (id: string, more: Partial<Step<Set<string>>> = {}): Step<Set<string>> => ({
    id,
    title: `Do ${id}`,
    inspect: async (world) => ({ done: world.has(id), says: world.has(id) ? `${id} is done` : `${id} is to be done` }),
    apply: async (world) => {
      calls.push(`apply ${id}`);
      world.add(id);
      return { of: id };
    },
    rollback: async (world) => {
      calls.push(`roll back ${id}`);
      world.delete(id);
    },
    ...more,
  });
  const options = {
    journal: { append: (entry: StepEntry) => void entries.push(entry) },
    reportFor: ({ title }: { title: string }) => ({
      say: (line: string) => void said.push(`${title}: ${line}`),
      progress: () => undefined,
    }),
    signal: controller.signal,
    now: () => new Date((clock += 500)),
  };
  return { done, calls, said, entries, controller, step, options };
}
const events = (entries: readonly StepEntry[]) => entries.map(({ step, event }) => `${step} ${event}`);

test('steps run in order, each journaled before and after, with what it found and made', async () => {
  const { done, step, options, entries, said } = createWorld();
  await applySteps([step('a'), step('b')], done, options);
  expect(events(entries)).toEqual(['a began', 'a done', 'b began', 'b done']);
  expect(entries[1]).toMatchObject({ seconds: 0.5, says: 'a is to be done', data: { of: 'a' } });
  expect(said).toEqual(['Do a: a is to be done', 'Do b: b is to be done']);
});

test('a run that was stopped goes on where it was', async () => {
  const { done, step, options, entries, calls } = createWorld();
  const broken = step('b', { apply: () => Promise.reject(new YardError('failed', 'No room.', 'Make room.')) });
  await expect(applySteps([step('a'), broken, step('c')], done, options)).rejects.toThrow('No room.');
  expect(events(entries)).toEqual(['a began', 'a done', 'b began', 'b failed']);
  expect(entries.at(-1)?.says).toBe('No room.');

  await applySteps([step('a'), step('b'), step('c')], done, options);
  expect(calls).toEqual(['apply a', 'apply b', 'apply c']);
  expect(events(entries).slice(4)).toEqual(['a began', 'a found done', 'b began', 'b done', 'c began', 'c done']);
});

test('what was done is proven, and a step that proves wrong stops the run', async () => {
  const { done, step, options, entries } = createWorld();
  const wrong = step('a', { verify: () => Promise.reject(new Error('one byte differs')) });
  await expect(applySteps([wrong, step('b')], done, options)).rejects.toThrow('one byte differs');
  expect(events(entries)).toEqual(['a began', 'a failed']);
});

test('an interruption ends between two steps and is told by its reason', async () => {
  const { done, step, options, calls, controller } = createWorld();
  const last = step('a', { verify: async () => controller.abort(new DOMException('SIGINT', 'AbortError')) });
  await expect(applySteps([last, step('b')], done, options)).rejects.toThrow('SIGINT');
  expect(calls).toEqual(['apply a']);
});

test('rolled back the last first; what cannot be taken back is passed over', async () => {
  const { done, step, options, entries, calls } = createWorld();
  const kept = { ...step('b') };
  delete kept.rollback;
  await rollBackSteps([step('a'), kept, step('c')], done, options);
  expect(calls).toEqual(['roll back c', 'roll back a']);
  expect(events(entries)).toEqual(['c began', 'c rolled back', 'a began', 'a rolled back']);
});

test('a rollback that fails stops there, journaled', async () => {
  const { done, step, options, entries, calls } = createWorld();
  const broken = step('b', { rollback: () => Promise.reject(new Error('stuck')) });
  await expect(rollBackSteps([step('a'), broken], done, options)).rejects.toThrow('stuck');
  expect(calls).toEqual([]);
  expect(events(entries)).toEqual(['b began', 'b failed']);
});
