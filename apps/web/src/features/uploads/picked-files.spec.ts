import { imageType } from './image-type';
import { pickedPath, sortFiles, type FileWithPath } from './picked-files';

function file(path: string, size: number, type = ''): FileWithPath {
  const made = new File([new Uint8Array(size)], path.slice(path.lastIndexOf('/') + 1), { type });
  return Object.assign(made, { relativePath: path });
}

const sort = (...files: FileWithPath[]) =>
  sortFiles(
    files.map((one) => ({ path: pickedPath(one), file: one, problem: null })),
    1_000,
  );

test('images are taken with their folders', () => {
  const { accepted, refused } = sort(file('./shoot/day 1/a.JPG', 10), file('/b.webp', 10), file('고양이.png', 10));
  expect(accepted.map(({ path }) => path)).toEqual(['b.webp', 'shoot/day 1/a.JPG', '고양이.png']);
  expect(refused).toEqual([]);
});

test.each([
  [file('a.jpg', 0), 'empty_file'],
  [file('a.jpg', 1_001), 'file_too_large'],
  [file('notes.txt', 10, 'text/plain'), 'not_an_image'],
  [file('scan.tiff', 10, 'image/tiff'), 'unsupported_image_type'],
  [file('no-ending', 10), 'not_an_image'],
  [file(`${'한'.repeat(330)}.jpg`, 10), 'invalid_path'],
])('%o is refused as %s', (given, code) => {
  expect(sort(given)).toMatchObject({ accepted: [], refused: [{ code }] });
});

test('litter of operating systems is passed over in silence', () => {
  const litter = ['.DS_Store', 'x/.DS_Store', 'x/Thumbs.db', '__MACOSX/x/._a.jpg', '.hidden.jpg', 'desktop.ini'];
  expect(sort(...litter.map((path) => file(path, 10)))).toEqual({ accepted: [], refused: [] });
});

test('the same path twice counts once, also when it is spelled with other code points', () => {
  const { accepted, refused } = sort(file('caf\u00e9.jpg', 10), file('cafe\u0301.jpg', 20));
  expect(accepted).toHaveLength(1);
  expect(refused).toMatchObject([{ code: 'duplicate_in_request' }]);
});

test('files go up in the order people count in', () => {
  const { accepted } = sort(file('f/10.jpg', 1), file('f/9.jpg', 1), file('e/100.jpg', 1));
  expect(accepted.map(({ path }) => path)).toEqual(['e/100.jpg', 'f/9.jpg', 'f/10.jpg']);
});

test('a pasted screenshot has a type and no path', () => {
  expect(pickedPath(new File(['x'], 'image.png', { type: 'image/png' }))).toBe('image.png');
  expect(imageType('blob', 'image/webp')).toBe('image/webp');
  expect(pickedPath(file('a\\b\\c.jpg', 1))).toBe('a/b/c.jpg');
});
