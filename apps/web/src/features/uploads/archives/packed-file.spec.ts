import { zipOf, type ZipPart } from '../testing/zip-of';
import { readDirectory } from './archive-directory';
import { PackedFile } from './packed-file';

const { signal } = new AbortController();

async function packed(part: Omit<ZipPart, 'name'>, spoil: (archive: Buffer<ArrayBuffer>) => void = () => undefined) {
  const bytes = zipOf([
    { name: 'before.jpg', bytes: 'first' },
    { name: 'a.jpg', ...part },
  ]);
  spoil(bytes);
  const archive = new Blob([bytes]);
  const entry = (await readDirectory(archive))[1];
  if (!entry) throw new Error('The archive has no second file');
  return new PackedFile(archive, entry);
}

test.each([0, 8])('a file packed by method %i comes out as it went in', async (method) => {
  const file = await packed({ bytes: 'one two three', method });
  expect(file.size).toBe(13);
  const bytes = await file.unpack(signal);
  expect([bytes.size, await bytes.text()]).toEqual([13, 'one two three']);
  expect(await (await file.unpack(signal)).text()).toBe('one two three');
});

test('what tells it apart is its content, not the date of the archive', async () => {
  const [one, same, other] = [
    await packed({ bytes: 'one' }),
    await packed({ bytes: 'one' }),
    await packed({ bytes: 'two' }),
  ];
  expect(one.lastModified).toBe(same.lastModified);
  expect(one.lastModified).not.toBe(other.lastModified);
});

test.each([0, 8])('a file whose checksum is another is refused (method %i)', async (method) => {
  await expect((await packed({ method, crc: 1 })).unpack(signal)).rejects.toMatchObject({ code: 'damaged_in_archive' });
});

test('a file shorter than promised, garbage and a lost header are refused', async () => {
  const damaged = { code: 'damaged_in_archive' };
  await expect((await packed({ bytes: 'abc', size: 9 })).unpack(signal)).rejects.toMatchObject(damaged);
  const garbage = await packed({ bytes: 'abcdefgh' }, (archive) => archive.fill(0xff, archive.indexOf('a.jpg') + 5, archive.indexOf('a.jpg') + 12)); // prettier-ignore
  await expect(garbage.unpack(signal)).rejects.toMatchObject(damaged);
  const lost = await packed({}, (archive) => archive.fill(0, archive.indexOf('a.jpg') - 30, archive.indexOf('a.jpg') - 26)); // prettier-ignore
  await expect(lost.unpack(signal)).rejects.toMatchObject(damaged);
});

test('a bomb is put away as soon as it is larger than it says', async () => {
  const bomb = await packed({ bytes: Buffer.alloc(200_000_000), size: 1_000 });
  const before = process.memoryUsage().arrayBuffers;
  await expect(bomb.unpack(signal)).rejects.toMatchObject({ code: 'unpacks_to_more' });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
});

test('unpacking stops when it is halted', async () => {
  const halted = AbortSignal.abort(new DOMException('halted', 'AbortError'));
  await expect((await packed({})).unpack(halted)).rejects.toThrow('halted');
});
