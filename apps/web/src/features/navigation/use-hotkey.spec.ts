import { letterOf } from './use-hotkey';

test.each([
  ['v', 'KeyV', 'v'],
  ['ㅍ', 'KeyV', 'v'],
  ['м', 'KeyV', 'v'],
  // What is written counts where it is Latin: on AZERTY the A stands where others have Q.
  ['a', 'KeyQ', 'a'],
  ['ArrowDown', 'ArrowDown', 'ArrowDown'],
])('%s of the key %s is %s', (key, code, letter) => {
  expect(letterOf({ key, code })).toBe(letter);
});
