import { WeightedSlots } from './weighted-slots.js';

function gate() {
  let open = () => {};
  const promise = new Promise<void>((resolve) => (open = resolve));
  return { promise, open };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('no more runs at once than there are slots, and in order of arrival', async () => {
  const slots = new WeightedSlots(2);
  const started: string[] = [];
  const gates = [gate(), gate(), gate(), gate()];
  const done = ['a', 'b', 'heavy', 'c'].map((name, i) =>
    slots.run(name === 'heavy' ? 9 : 1, async () => {
      started.push(name);
      await gates[i]?.promise;
    }),
  );
  await settled();
  expect(started).toEqual(['a', 'b']);
  gates[0]?.open();
  await settled();
  // One slot is free, but the heavy one is first in line and needs both.
  expect(started).toEqual(['a', 'b']);
  gates[1]?.open();
  await settled();
  expect(started).toEqual(['a', 'b', 'heavy']);
  gates[2]?.open();
  gates[3]?.open();
  await Promise.all(done);
  expect(started).toEqual(['a', 'b', 'heavy', 'c']);
});

test('a failure frees its slot', async () => {
  const slots = new WeightedSlots(1);
  await expect(slots.run(1, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(slots.run(1, async () => 7)).resolves.toBe(7);
});
