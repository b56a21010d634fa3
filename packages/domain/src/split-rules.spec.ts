import fc from 'fast-check';
import { SPLITS, splitOf, type Split } from './split-rules.js';

const paths = Array.from({ length: 10_000 }, (_, n) => `street/img-${n}.jpg`);
const SHARES = { train: 70, val: 20, test: 10 };

test('shares are met within two per cent', () => {
  const counts: Record<Split, number> = { train: 0, val: 0, test: 0 };
  for (const path of paths) counts[splitOf({ path }, SHARES)] += 1;
  for (const split of SPLITS) expect(Math.abs(counts[split] / paths.length - SHARES[split] / 100)).toBeLessThan(0.02);
});

test('an image that was never in training does not get there when training gets a smaller share', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(100), fc.nat(100), (path, one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      const inLess = splitOf({ path }, { train: less, val: 100 - less, test: 0 }) === 'train';
      const inMore = splitOf({ path }, { train: more, val: 100 - more, test: 0 }) === 'train';
      expect(inLess && !inMore).toBe(false);
    }),
  );
});

test('what people chose counts, and no shares at all mean training', () => {
  expect(splitOf({ path: 'a', split: 'test' }, SHARES)).toBe('test');
  expect(splitOf({ path: 'a' }, { train: 0, val: 0, test: 0 })).toBe('train');
  // Written down: files that were published must not change.
  expect(paths.slice(0, 6).map((path) => splitOf({ path }, SHARES))).toEqual([
    'train',
    'val',
    'train',
    'train',
    'train',
    'train',
  ]);
});
