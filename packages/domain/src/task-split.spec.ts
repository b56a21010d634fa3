import fc from 'fast-check';
import { folderOf, inTurn, partSizes, splitImages, type SplitImage, type SplitRule } from './task-split.js';

const images = fc
  .uniqueArray(fc.tuple(fc.constantFrom('', 'a/', 'a/b/', 'c/'), fc.nat(5_000)), {
    selector: ([, n]) => n,
    maxLength: 80,
  })
  .map((list): SplitImage[] => list.map(([folder, n]) => ({ id: n + 1, path: `${folder}${n}.jpg` })));
const rules: fc.Arbitrary<SplitRule> = fc.oneof(
  fc.record({ by: fc.constant('count' as const), count: fc.integer({ min: 1, max: 20 }) }),
  fc.record({ by: fc.constant('size' as const), size: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ by: fc.constant('folder' as const), depth: fc.integer({ min: 1, max: 3 }) }),
  fc.constant({ by: 'none' as const }),
);
const seeds = fc.option(fc.string());
const people = fc.array(fc.constantFrom('ann', 'bob', 'cy'), { maxLength: 4 });

test('every image is in exactly one part and no part is empty', () => {
  fc.assert(
    fc.property(images, rules, seeds, people, (list, rule, shuffle_seed, assignees) => {
      const parts = splitImages(list, { rule, shuffle_seed, assignees });
      const dealt = parts.flatMap((part) => part.image_ids);
      expect([...dealt].sort((a, b) => a - b)).toEqual(list.map(({ id }) => id).sort((a, b) => a - b));
      expect(parts.every((part) => part.image_ids.length > 0)).toBe(true);
      expect(parts.map(({ number }) => number)).toEqual(parts.map((_, n) => n + 1));
    }),
  );
});

test('the same images and the same seed give the same parts', () => {
  fc.assert(
    fc.property(images, rules, seeds, people, (list, rule, shuffle_seed, assignees) => {
      const options = { rule, shuffle_seed, assignees };
      expect(splitImages([...list], options)).toEqual(splitImages(list, options));
      if (shuffle_seed !== null || rule.by === 'folder') return;
      // Dealt as they come, unless they are shuffled or belong together.
      expect(splitImages(list, options).flatMap(({ image_ids }) => image_ids)).toEqual(list.map(({ id }) => id));
    }),
  );
});

test('sizes: as many tasks as asked for differ by one image at most, a size is never exceeded', () => {
  fc.assert(
    fc.property(images, fc.integer({ min: 1, max: 20 }), (list, n) => {
      const sizesOf = (rule: SplitRule) =>
        splitImages(list, { rule, assignees: [] }).map((part) => part.image_ids.length);
      const even = sizesOf({ by: 'count', count: n });
      expect(even).toHaveLength(Math.min(n, list.length));
      if (even.length > 0) expect(Math.max(...even) - Math.min(...even)).toBeLessThanOrEqual(1);
      const full = sizesOf({ by: 'size', size: n });
      expect(full.slice(0, -1).every((size) => size === n)).toBe(true);
      expect((full.at(-1) ?? 0) <= n).toBe(true);
    }),
  );
});

test('parts are as large, and of the same people, as was counted without looking at an image', () => {
  fc.assert(
    fc.property(images, rules, people, (list, rule, assignees) => {
      if (rule.by === 'folder') return;
      const parts = splitImages(list, { rule, assignees });
      expect(partSizes(list.length, rule)).toEqual(parts.map(({ image_ids }) => image_ids.length));
      expect(parts.map(({ assignee_id }) => assignee_id)).toEqual(parts.map((_, n) => inTurn(assignees, n)));
    }),
  );
});

test('people take turns', () => {
  const list = Array.from({ length: 5 }, (_, n) => ({ id: n + 1, path: `${n}.jpg` }));
  const parts = splitImages(list, { rule: { by: 'size', size: 1 }, assignees: ['ann', 'bob'] });
  expect(parts.map(({ assignee_id }) => assignee_id)).toEqual(['ann', 'bob', 'ann', 'bob', 'ann']);
});

test('folders: one task each, files at the top by themselves', () => {
  const paths = ['b/1.jpg', 'a/x/2.jpg', 'a/y/3.jpg', '4.jpg'];
  const list = paths.map((path, n) => ({ id: n + 1, path }));
  const parts = splitImages(list, { rule: { by: 'folder', depth: 1 }, assignees: [] });
  expect(parts.map(({ folder, image_ids }) => [folder, image_ids])).toEqual([
    ['', [4]],
    ['a', [2, 3]],
    ['b', [1]],
  ]);
  expect(folderOf('a/x/2.jpg', 2)).toBe('a/x');
});

test('a shuffle is one, and another seed another', () => {
  const list = Array.from({ length: 50 }, (_, n) => ({ id: n + 1, path: String(n).padStart(2, '0') }));
  const order = (shuffle_seed: string | null) =>
    splitImages(list, { rule: { by: 'none' }, shuffle_seed, assignees: [] })[0]?.image_ids;
  expect(order(null)).toEqual(list.map(({ id }) => id));
  expect(order('1')).not.toEqual(order(null));
  expect(order('1')).not.toEqual(order('2'));
});
