import { compareBytewise } from '@labelyard/storage';
import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sortedRuns } from '../record/sorted-runs.js';
import { collect } from '../../../test/storage/two-sides.js';
import { joinByKey } from './join-by-key.js';
import { readAhead } from './read-ahead.js';

const keyed = (keys: readonly string[]) => keys.map((key) => ({ key }));
const sorted = (keys: Iterable<string>) => [...new Set(keys)].sort(compareBytewise);

test('joins any streams as a map would, in the order of bytes', async () => {
  const keys = fc.array(fc.string({ unit: 'binary', maxLength: 3 }).filter((key) => key.isWellFormed()));
  await fc.assert(
    fc.asyncProperty(keys, keys, keys, async (a, b, c) => {
      const [left, middle, right] = [a, b, c].map(sorted) as [string[], string[], string[]];
      const rows = await collect(joinByKey(keyed(left), readAhead(stream(keyed(middle)), 2), stream(keyed(right))));
      expect(rows.map(({ key }) => key)).toEqual(sorted([...a, ...b, ...c]));
      for (const { key, items } of rows)
        expect(items.map((item) => item?.key === key)).toEqual([a, b, c].map((list) => list.includes(key)));
    }),
  );
});

test.each([[['b', 'a']], [['a', 'a']]])('refuses %j', async (keys) => {
  await expect(collect(joinByKey(keyed(keys), keyed(['a'])))).rejects.toThrow('Stream 0 is not sorted');
});

test('sorts more than it holds; of one key the last counts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'yard-runs-'));
  try {
    const items = Array.from({ length: 100 }, (_, n) => ({ key: `k${(n * 37) % 50}`, n }));
    const runs = await sortedRuns(stream(items), folder, 7);
    expect(runs.length).toBeGreaterThan(10);
    const merged = [];
    for await (const { items: found } of joinByKey(...runs)) merged.push(found.findLast((item) => item !== undefined));
    expect(merged).toEqual(
      sorted(items.map(({ key }) => key)).map((key) => items.findLast((item) => item.key === key)),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a source that breaks is told after what came before it', async () => {
  const seen: string[] = [];
  const reading = (async () => {
    for await (const { key } of readAhead(breaking())) seen.push(key);
  })();
  await expect(reading).rejects.toThrow('broke');
  expect(seen).toEqual(['a', 'b']);
});

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function* breaking(): AsyncGenerator<{ key: string }> {
  yield* keyed(['a', 'b']);
  throw new Error('broke');
}
