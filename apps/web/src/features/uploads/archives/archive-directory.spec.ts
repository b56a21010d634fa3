import { zipFile, zipOf } from '../testing/zip-of';
import { readDirectory } from './archive-directory';

const names = async (bytes: Buffer<ArrayBuffer>) => (await readDirectory(new Blob([bytes]))).map(({ name }) => name);

test('lists files with what is needed to unpack them, and no folders', async () => {
  const archive = zipOf([
    { name: 'shoot/', bytes: '', method: 0, mode: 0o040755 },
    { name: 'shoot/a.jpg', bytes: 'aaaa' },
    { name: 'secret.jpg', flags: 1 },
    { name: 'link.jpg', bytes: 'a.jpg', method: 0, mode: 0o120777 },
  ]);
  expect(await readDirectory(new Blob([archive]))).toEqual([
    { name: 'shoot/a.jpg', size: 4, packed_size: 6, crc32: 0xad98e545, method: 8, offset: 36, encrypted: false, link: false }, // prettier-ignore
    expect.objectContaining({ name: 'secret.jpg', encrypted: true }),
    expect.objectContaining({ name: 'link.jpg', method: 0, link: true }),
  ]);
});

test('reads the directory and nothing else', async () => {
  const archive = zipFile('a.zip', [
    { name: 'a.jpg', bytes: Buffer.alloc(1_000_000, 1), method: 0 },
    { name: 'b.jpg' },
  ]);
  let read = 0;
  const slice = archive.slice.bind(archive);
  archive.slice = (start = 0, end = archive.size) => {
    read += Math.min(end, archive.size) - start;
    return slice(start, end);
  };
  archive.stream = () => {
    throw new Error('the whole archive was read');
  };
  expect(await readDirectory(archive)).toHaveLength(2);
  expect(read).toBeLessThan(150_000);
});

test('names in the encodings of archives', async () => {
  const archive = zipOf([
    { name: '고양이.jpg' },
    { name: '강아지.jpg', flags: 0 },
    { name: Uint8Array.of(0xbb, 0xe7, 0xc1, 0xf8, 0x2e, 0x6a, 0x70, 0x67), flags: 0 },
    { name: Uint8Array.of(0x81, 0x62, 0x65, 0x72, 0x2e, 0x6a, 0x70, 0x67), flags: 0 },
  ]);
  expect(await names(archive)).toEqual(['고양이.jpg', '강아지.jpg', '사진.jpg', 'über.jpg']);
});

test.each([
  ['cut off', (sound: Buffer<ArrayBuffer>) => sound.subarray(0, sound.length - 40)],
  ['no archive', () => Buffer.from('Dear Sir or Madam, this is no archive.')],
  ['with a broken directory', (sound: Buffer<ArrayBuffer>) => Buffer.concat([sound]).fill(0, sound.length - 90, sound.length - 40)], // prettier-ignore
])('an archive that is %s is refused', async (_, broken) => {
  const sound = zipOf([{ name: 'a.jpg' }, { name: 'b.jpg' }]);
  await expect(names(broken(sound))).rejects.toMatchObject({ code: 'archive_damaged' });
});

test('an archive that is gone says so', async () => {
  const gone = new File([zipOf([{ name: 'a.jpg' }])], 'a.zip');
  gone.slice = () =>
    ({ arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotFoundError')) }) as unknown as Blob;
  await expect(readDirectory(gone)).rejects.toMatchObject({ code: 'file_unreadable' });
});
