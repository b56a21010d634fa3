import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { spool } from './spooled-file.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'spool-'))));
afterEach(async () => {
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

const bytes = Buffer.alloc(300_000, 'abc');

test('keeps what came, with its hash, until disposed', async () => {
  await using file = await spool(Readable.from([bytes.subarray(0, 1000), bytes.subarray(1000)]), {
    folder,
    max_bytes: 300_000,
  });
  expect(file).toMatchObject({ size_bytes: 300_000, sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(await readFile(file?.path as string)).toEqual(bytes);
});

test('stops at the limit', async () => {
  expect(await spool(Readable.from([bytes]), { folder, max_bytes: 299_999 })).toBeNull();
});

test('leaves nothing behind when the sender goes away or is cut off', async () => {
  async function* broken() {
    yield bytes;
    throw new Error('connection reset');
  }
  await expect(spool(Readable.from(broken()), { folder, max_bytes: 1e9 })).rejects.toThrow('connection reset');
  const cut = spool(Readable.from([bytes]), { folder, max_bytes: 1e9, signal: AbortSignal.abort(new Error('no')) });
  await expect(cut).rejects.toThrow();
});
