import { findFiles } from './found-files';
import type { FileWithPath } from './picked-files';
import { zipFile, zipOf } from './testing/zip-of';

const MOST = 1_000;

async function find(...files: FileWithPath[]) {
  const { accepted, refused } = await findFiles(files, MOST);
  return {
    accepted: accepted.map(({ path }) => path),
    refused: Object.fromEntries(refused.map(({ path, code }) => [path, code])),
  };
}

const picture = (path: string) => Object.assign(new File(['x'], path), { relativePath: path });

test('files of archives are found by their paths inside, among files that were picked singly', async () => {
  const one = zipFile('one.zip', [{ name: 'train/10.jpg' }, { name: 'train/9.jpg' }, { name: './top.PNG' }]);
  const two = zipFile('two.ZIP', [{ name: 'win\\dows.webp' }]);
  expect(await find(one, picture('single.jpg'), two)).toEqual({
    accepted: ['single.jpg', 'top.PNG', 'train/9.jpg', 'train/10.jpg', 'win/dows.webp'],
    refused: {},
  });
});

test('an archive in a folder is unpacked where it lies', async () => {
  expect((await find(zipFile('shoot/day 1.zip', [{ name: 'a.jpg' }]))).accepted).toEqual(['shoot/a.jpg']);
});

test('each file that cannot be taken is refused by its name, the rest is taken', async () => {
  const archive = zipFile('mixed.zip', [
    { name: 'good.jpg' },
    { name: 'notes.txt' },
    { name: 'inner.zip' },
    { name: 'empty.jpg', bytes: '' },
    { name: 'huge.jpg', size: MOST + 1 },
    { name: 'secret.jpg', flags: 1 },
    { name: 'packed.jpg', method: 14 },
    { name: '../out.jpg' },
    { name: '/absolute.jpg' },
    { name: 'link.jpg', mode: 0o120777 },
    { name: Uint8Array.of(0x8e, 0xca, 0x90, 0x5e, 0x2e, 0x6a, 0x70, 0x67), flags: 0 },
    { name: `${'한'.repeat(330)}.jpg` },
    { name: 'good.jpg', bytes: 'another' },
  ]);
  expect(await find(archive)).toEqual({
    accepted: ['good.jpg'],
    refused: {
      'notes.txt': 'not_an_image',
      'inner.zip': 'not_an_image',
      'empty.jpg': 'empty_file',
      'huge.jpg': 'file_too_large',
      'secret.jpg': 'encrypted',
      'packed.jpg': 'unknown_compression',
      '../out.jpg': 'unsafe_path',
      '/absolute.jpg': 'unsafe_path',
      'link.jpg': 'not_an_image',
      'Ä╩É^.jpg': 'garbled_name',
      [`${'한'.repeat(330)}.jpg`]: 'invalid_path',
      'good.jpg': 'duplicate_in_request',
    },
  });
});

test('litter in archives is passed over in silence', async () => {
  const litter = ['__MACOSX/x/._a.jpg', 'x/.DS_Store', '.hidden.jpg', 'x/Thumbs.db'].map((name) => ({ name }));
  expect(await find(zipFile('mac.zip', [...litter, { name: 'x/a.jpg' }]))).toEqual({
    accepted: ['x/a.jpg'],
    refused: {},
  });
  const only = zipFile('only.zip', [{ name: '__MACOSX/._a.jpg' }]);
  expect(await find(only, zipFile('__MACOSX/._b.zip', []))).toEqual({
    accepted: [],
    refused: { 'only.zip': 'archive_without_images' },
  });
});

test('an archive that cannot be used is refused by its own name, the others are taken', async () => {
  const files = [
    zipFile('sound.zip', [{ name: 'a.jpg' }]),
    zipFile('cut off.zip', zipOf([{ name: 'b.jpg' }]).subarray(0, 60)),
    zipFile('letter.zip', Buffer.from('Dear Sir or Madam')),
    zipFile('texts.zip', [{ name: 'a.txt' }, { name: 'b.txt' }]),
    zipFile('nothing.zip', []),
    zipFile('empty.zip', Buffer.alloc(0)),
    picture('c.jpg'),
  ];
  expect(await find(...files)).toEqual({
    accepted: ['a.jpg', 'c.jpg'],
    refused: {
      'cut off.zip': 'archive_damaged',
      'letter.zip': 'archive_damaged',
      'texts.zip': 'archive_without_images',
      'nothing.zip': 'archive_without_images',
      'empty.zip': 'empty_file',
    },
  });
});

test('a path that two archives have counts once', async () => {
  const archives = [zipFile('one.zip', [{ name: 'a.jpg' }]), zipFile('two.zip', [{ name: 'a.jpg', bytes: 'other' }])];
  expect(await find(...archives)).toEqual({ accepted: ['a.jpg'], refused: { 'a.jpg': 'duplicate_in_request' } });
});
