import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { zipArchive, type ArchiveEntry } from './zip-archive.js';

async function bytesOf(entries: Iterable<ArchiveEntry>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // A chunk is good until the next one is asked for.
  for await (const chunk of zipArchive(entries)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function* pieces(...parts: (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  yield* parts;
}

/** What the directory at the end says, and what lies where it points. */
function entriesOf(zip: Buffer) {
  const end = zip.lastIndexOf(Buffer.from('PK\u0005\u0006'));
  let count: number = zip.readUInt16LE(end + 10);
  let at: number = zip.readUInt32LE(end + 16);
  if (count === 0xffff || at === 0xffffffff) {
    const wide = Number(zip.readBigUInt64LE(end - 20 + 8));
    count = Number(zip.readBigUInt64LE(wide + 32));
    at = Number(zip.readBigUInt64LE(wide + 48));
  }
  return Array.from({ length: count }, () => {
    const [name, extra, offset] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30), zip.readUInt32LE(at + 42)];
    const [size, crc] = [zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 16)];
    const data = offset + 30 + zip.readUInt16LE(offset + 26) + zip.readUInt16LE(offset + 28);
    const content = zip.subarray(data, data + size);
    if (crc32(content) !== crc || zip.readUInt32LE(at + 12) !== 0x00210000) throw new Error(`entry at ${at}`);
    const path = zip.toString('utf8', at + 46, at + 46 + name);
    at += 46 + name + extra;
    return { path, content };
  });
}

test('entries in their order, whatever form their content has', async () => {
  const large = Buffer.alloc(3_000_000, 'large ');
  const zip = await bytesOf([
    { path: 'data.yaml', content: 'names: 한글\n' },
    { path: 'labels/거리 1.txt', content: pieces('a', Buffer.from('b'), 'c') },
    { path: 'empty.txt', content: '' },
    { path: 'big.json', content: pieces(large.subarray(0, 900_000), large.subarray(900_000)) },
    { path: 'photo.jpg', content: large },
    { path: 'last', content: 'x' },
  ]);
  const found = entriesOf(zip).map(({ path, content }) => [
    path,
    content.length > 99 ? content.equals(large) : content.toString(),
  ]);
  expect(found).toEqual([
    ['data.yaml', 'names: 한글\n'],
    ['labels/거리 1.txt', 'abc'],
    ['empty.txt', ''],
    ['big.json', true],
    ['photo.jpg', true],
    ['last', 'x'],
  ]);
});

test('the same entries give the same bytes, and these bytes on every machine', async () => {
  const entries = () => [
    { path: 'a.txt', content: 'a\n'.repeat(1_000) },
    { path: 'b.bin', content: pieces(Buffer.alloc(2_000_000, 7)) },
  ];
  const [first, second] = [await bytesOf(entries()), await bytesOf(entries())];
  expect(second.equals(first)).toBe(true);
  expect(createHash('sha256').update(first).digest('hex')).toBe(
    'adfb865c52bb815da4028556a5d44c1671c7030c5fd1b71c7474ee97f6f1e00d',
  );
});

test('more entries than the old ending can count', async () => {
  const zip = await bytesOf(Array.from({ length: 70_000 }, (_, n) => ({ path: `labels/${n}.txt`, content: `${n}` })));
  const found = entriesOf(zip);
  expect(found).toHaveLength(70_000);
  expect(found.at(-1)?.content.toString()).toBe('69999');
});

test('pieces of every size fit between the headers', async () => {
  const sizes = Array.from({ length: 40 }, (_, n) => 372_000 + n * 500);
  const zip = await bytesOf(sizes.map((size) => ({ path: `${size}`, content: pieces(Buffer.alloc(size)) })));
  expect(entriesOf(zip).map(({ content }) => content.length)).toEqual(sizes);
});

test('an entry that fails ends the archive, and its source is closed', async () => {
  let closed = false;
  async function* failing(): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.alloc(2_000_000);
      yield Buffer.alloc(10);
      throw new Error('the disk is gone');
    } finally {
      closed = true;
    }
  }
  await expect(bytesOf([{ path: 'x', content: failing() }])).rejects.toThrow('the disk is gone');
  expect(closed).toBe(true);
});

const python = (() => {
  try {
    execFileSync('python3', ['-c', 'import zipfile']);
    return true;
  } catch {
    return false;
  }
})();

(python ? test : test.skip)('Python reads it, checksums and all', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'labelyard-zip-'));
  try {
    const file = join(folder, 'a.zip');
    const many = Array.from({ length: 66_000 }, (_, n) => ({ path: `labels/${n}.txt`, content: `${n}\n` }));
    writeFileSync(file, await bytesOf([{ path: 'big', content: pieces(Buffer.alloc(1_500_000, 1), 'end') }, ...many]));
    const script = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z:
    print(z.testzip(), len(z.namelist()), z.getinfo('big').file_size, z.getinfo('big').date_time)`;
    expect(execFileSync('python3', ['-c', script, file], { encoding: 'utf8' }).trim()).toBe(
      'None 66001 1500003 (1980, 1, 1, 0, 0, 0)',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
