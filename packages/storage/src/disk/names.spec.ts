import fc from 'fast-check';
import { decodeEntry, decodeSegment, encodeSegment, objectPath } from './names.js';

const segments = fc
  .oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), fc.stringMatching(/^[a-zA-Z.%^~+_ -]{1,20}$/))
  .filter((text) => text.isWellFormed() && !text.includes('/') && text !== '.' && text !== '..');
const keys = fc.array(segments, { minLength: 1, maxLength: 30 }).map((parts) => parts.join('/'));

/** What a file system that ignores case and Unicode forms (macOS, Windows) tells apart. */
const folded = (path: string) => path.normalize('NFKC').toLowerCase();

test.each([
  ['photo_1-a.jpg', 'photo_1-a.jpg'],
  ['IMG 1.JPG', '^i^m^g%201.^j^p^g'],
  ['한', '%ed%95%9c'],
  ['.hidden', '%2ehidden'],
  ['dot.', 'dot%2e'],
  ['a%+~^b', 'a%25%2b%7e%5eb'],
  ['con', '%63on'],
  ['nul.txt', '%6eul.txt'],
  ['console', 'console'],
])('%j is kept as %j', (segment, name) => {
  expect(encodeSegment(segment)).toBe(name);
  expect(decodeSegment(name)).toBe(segment);
});

test('a name gives its segment back; other names are nobody’s', () => {
  fc.assert(fc.property(segments, (segment) => decodeSegment(encodeSegment(segment)) === segment));
  for (const foreign of [
    '.DS_Store',
    'Thumbs.db',
    'lost+found',
    '%zz',
    '%41',
    '^A',
    '~',
    'a b',
    'é',
    '%ff',
    'con',
    '',
  ]) {
    expect(decodeSegment(foreign)).toBeUndefined();
  }
  expect(decodeEntry('a+', true)).toBe('a/');
  expect(decodeEntry('a', true)).toBeUndefined();
  expect(decodeEntry('a+', false)).toBeUndefined();
});

test('two keys never meet, on no file system, and no path is a folder and a file', () => {
  fc.assert(
    fc.property(fc.uniqueArray(keys, { minLength: 2, maxLength: 40 }), (all) => {
      const files = all.map((key) => folded(objectPath(key).join('/')));
      expect(new Set(files).size).toBe(all.length);
      const folders = new Set(
        all.flatMap((key) => objectPath(key).map((_, n, path) => folded(path.slice(0, n).join('/')))),
      );
      for (const file of files) expect(folders.has(file)).toBe(false);
    }),
    { numRuns: 300 },
  );
  const spellings = ['a', 'A', '\u00e9', 'e\u0301', 'ß', 'ss', 'ﬁ', 'fi', 'İ', 'i\u0307', 'a.', 'a ', 'K', '\u212a'];
  expect(new Set(spellings.map((key) => folded(objectPath(key).join('/')))).size).toBe(spellings.length);
});

test('no name or path is too long, whatever the key', () => {
  const longest = [
    'x'.repeat(1024),
    '긴'.repeat(341),
    'X/'.repeat(511) + 'Xx',
    `${'d'.repeat(138)}/`.repeat(7) + 'end',
    'A'.repeat(70),
    'A'.repeat(71),
  ];
  for (const key of longest) {
    const path = objectPath(key);
    expect(Math.max(...path.map((name) => name.length))).toBeLessThanOrEqual(140);
    expect(path.join('/').length).toBeLessThanOrEqual(670);
  }
});
