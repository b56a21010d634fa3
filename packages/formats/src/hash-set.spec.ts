import fc from 'fast-check';
import { HashSet } from './hash-set.js';

test('tells like a set what is new', () => {
  const hashes = fc.oneof(
    fc.nat(40),
    fc.maxSafeNat().map((one) => one % 2 ** 53),
    fc.constant(0),
  );
  fc.assert(
    fc.property(fc.array(hashes, { maxLength: 3_000 }), (numbers) => {
      const [ours, known] = [new HashSet(), new Set<number>()];
      expect(numbers.map((one) => ours.add(one))).toEqual(numbers.map((one) => known.size < known.add(one).size));
    }),
  );
});

test('as it grows nothing is forgotten', () => {
  const hashes = new HashSet();
  const some = Array.from({ length: 100_000 }, (_, n) => n * 2_654_435_761);
  expect(some.filter((one) => !hashes.add(one))).toEqual([]);
  expect(some.filter((one) => hashes.add(one))).toEqual([]);
});
