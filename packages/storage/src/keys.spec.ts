import fc from 'fast-check';
import {
  assertKey,
  assertKeyPrefix,
  datasetPrefix,
  exportFileName,
  exportKey,
  imageKey,
  keptPictureKey,
  MAX_IMAGE_PATH_BYTES,
  MAX_KEY_BYTES,
  normaliseImagePath,
  projectPrefix,
  stagedUploadKey,
  stagedUploadPrefix,
  thumbnailKey,
} from './keys.js';
import { InvalidKey } from './errors.js';

const LARGEST_ID = Number.MAX_SAFE_INTEGER;

describe('layout', () => {
  test('keys are as published', () => {
    expect(imageKey(7, 'a/b c.jpg')).toBe('7/images/a/b c.jpg');
    expect(thumbnailKey(7, 'a/b c.png')).toBe('7/thumbnails/a/b c.png.jpg');
    expect(keptPictureKey(7, 12, 'a'.repeat(64))).toBe(`7/kept/12/${'a'.repeat(64)}`);
    expect(stagedUploadKey(7, 12, 0)).toBe('7/uploads/12/0');
    expect(exportKey(3, 5, 'coco_20261122.json')).toBe('3/exports/5/coco_20261122.json');
    expect(exportKey(3, 'v2', 'x')).toBe('3/exports/v2/x');
  });

  test('prefixes hold their keys and no neighbour’s', () => {
    for (const key of [imageKey(1, 'x'), thumbnailKey(1, 'x'), keptPictureKey(1, 2, 'x'), stagedUploadKey(1, 2, 3)]) {
      expect(key.startsWith(datasetPrefix(1))).toBe(true);
      expect(key.startsWith(datasetPrefix(11))).toBe(false);
    }
    expect(imageKey(11, 'x').startsWith(datasetPrefix(1))).toBe(false);
    expect(exportKey(1, 1, 'x').startsWith(projectPrefix(1))).toBe(true);
    expect(stagedUploadKey(1, 2, 3).startsWith(stagedUploadPrefix(1, 2))).toBe(true);
    expect(stagedUploadKey(1, 22, 3).startsWith(stagedUploadPrefix(1, 2))).toBe(false);
  });

  test('file names of exports carry UTC’s day', () => {
    expect(exportFileName('coco', 'json', new Date('2026-01-02T23:59:59.999Z'))).toBe('coco_20260102.json');
    expect(exportFileName('yolo', 'zip', new Date('2026-01-03T00:00:00+09:00'))).toBe('yolo_20260102.zip');
    expect(exportFileName('pascal_voc', 'zip', new Date('2026-12-31'))).toBe('pascal_voc_20261231.zip');
  });

  test('the longest path fits into every key', () => {
    const path = 'x'.repeat(MAX_IMAGE_PATH_BYTES);
    for (const key of [imageKey(LARGEST_ID, path), thumbnailKey(LARGEST_ID, path)]) {
      expect(Buffer.byteLength(key)).toBeLessThanOrEqual(MAX_KEY_BYTES);
      expect(() => assertKey(key)).not.toThrow();
    }
  });
});

describe('prefixes', () => {
  test.each(['', 'a', 'a/', 'a/.', 'a/..', 'a/b/', '한'])('%j may begin a key', (prefix) => {
    expect(() => assertKeyPrefix(prefix)).not.toThrow();
  });
  test.each(['/', '/a', 'a//', 'a/../', './a', '../', 'a\\', 'a\n', 'x'.repeat(1025)])('%j may not', (prefix) => {
    expect(() => assertKeyPrefix(prefix)).toThrow(InvalidKey);
  });
});

test('a refusal shows the key without harming a log', () => {
  expect(() => assertKey('a\n[31m\0')).toThrow('Storage key "a\\n[31m\\u0000" holds a control or non-character.');
  expect(() => assertKey('k'.repeat(5_000))).toThrow(
    expect.objectContaining({ message: expect.stringMatching(/^.{1,200}$/) }),
  );
});

describe('image paths', () => {
  test.each([
    ['photo.jpg', 'photo.jpg'],
    ['./photo.jpg', 'photo.jpg'],
    ['/abs/photo.jpg', 'abs/photo.jpg'],
    ['././/a///b/./c.jpg', 'a/b/c.jpg'],
    ['folder\\sub\\photo.jpg', 'folder/sub/photo.jpg'],
    ['.hidden/.photo', '.hidden/.photo'],
    ['a...b/..c/d..', 'a...b/..c/d..'],
    [' with  spaces .jpg ', ' with  spaces .jpg '],
    ['e\u0301.jpg', '\u00e9.jpg'],
    ['\u1112\u1161\u11ab\u1100\u1173\u11af.jpg', '한글.jpg'],
    ['100% +&?#.jpg', '100% +&?#.jpg'],
    ['x'.repeat(MAX_IMAGE_PATH_BYTES), 'x'.repeat(MAX_IMAGE_PATH_BYTES)],
  ])('%j becomes %j', (name, path) => {
    expect(normaliseImagePath(name)).toEqual({ ok: true, path });
  });

  test.each([
    ['', 'empty'],
    ['/', 'empty'],
    ['.', 'empty'],
    ['folder/', 'empty'],
    ['folder/.', 'empty'],
    ['..', 'traversal'],
    ['../a.jpg', 'traversal'],
    ['a/../../b.jpg', 'traversal'],
    ['a\\..\\b.jpg', 'traversal'],
    ['a\0.jpg', 'control_character'],
    ['a\nb.jpg', 'control_character'],
    ['a\u0085b.jpg', 'control_character'],
    ['a\u2028b.jpg', 'control_character'],
    ['a\uffff.jpg', 'control_character'],
    ['\ud83d.jpg', 'broken_unicode'],
    ['x'.repeat(MAX_IMAGE_PATH_BYTES + 1), 'too_long'],
    ['한'.repeat(MAX_IMAGE_PATH_BYTES / 3 + 1), 'too_long'],
    ['x/'.repeat(1_000_000), 'too_long'],
  ])('%j is refused: %s', (name, reason) => {
    expect(normaliseImagePath(name)).toEqual({ ok: false, reason });
  });

  test('whatever comes out makes valid keys and comes out the same again', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(fc.constantFrom('a', '.', '..', '/', '\\', ' ', 'é', 'e\u0301', '\0', '한', '\ud800', '~'))
        .map((parts) => parts.join('')),
    );
    let accepted = 0;
    fc.assert(
      fc.property(names, (name) => {
        const result = normaliseImagePath(name);
        if (!result.ok) return;
        accepted++;
        assertKey(imageKey(LARGEST_ID, result.path));
        assertKey(thumbnailKey(LARGEST_ID, result.path));
        expect(normaliseImagePath(result.path)).toEqual(result);
      }),
      { numRuns: 2_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
