import fc from 'fast-check';
import { isBone, KEYPOINT_LIMITS, soundKeypointNames } from './keypoint-rules.js';

test('a bone joins two different keypoints that are there', () => {
  expect(isBone([0, 2], 3)).toBe(true);
  for (const bone of [[1, 1], [0, 3], [-1, 0], [0, 0.5], [0, NaN]] as const) expect(isBone(bone, 3)).toBe(false); // prettier-ignore
});

test('sound names stay as they are; others get one', () => {
  expect(soundKeypointNames(['nose', '코'])).toEqual(['nose', '코']);
  expect(soundKeypointNames(['', 'a\0b', 'eye', 'eye', 'eye', '\ud800'])).toEqual([
    '1',
    'ab',
    'eye',
    'eye (2)',
    'eye (3)',
    '\ufffd',
  ]);
});

test('a long name is not cut through a character', () => {
  expect(soundKeypointNames([`${'x'.repeat(99)}😀`, `${'x'.repeat(95)}😀`, `${'x'.repeat(95)}😀`])).toEqual([
    'x'.repeat(99),
    `${'x'.repeat(95)}😀`,
    `${'x'.repeat(95)} (2)`,
  ]);
});

test('whatever the names are, the result is sound, and sound names do not change', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', 'a', 'x'.repeat(150)))),
      (names) => {
        const sound = soundKeypointNames(names);
        expect(new Set(sound).size).toBe(Math.min(names.length, KEYPOINT_LIMITS.names));
        for (const name of sound) {
          expect(name.length).toBeGreaterThan(0);
          expect(name.length).toBeLessThanOrEqual(KEYPOINT_LIMITS.name_length);
          expect(name.isWellFormed() && !name.includes('\0')).toBe(true);
        }
        expect(soundKeypointNames(sound)).toEqual(sound);
      },
    ),
  );
});
