import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { bodyOf, receive, type ReceivedFile, ReceivingRoom } from './received-file.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'receive-'))));
afterEach(async () => {
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});

const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7919 + (n >> 8)) & 255));
const sha256 = createHash('sha256').update(bytes).digest('hex');
const pieces = () => Readable.from(Array.from({ length: 30 }, (_, n) => bytes.subarray(n * 10_000, (n + 1) * 10_000)));

/** Whether every place was given back. Takes them. */
function isFree(room: ReceivingRoom, places = 1): boolean {
  const taken = Array.from({ length: places + 1 }, () => room.take());
  return taken.pop() === null && taken.every((place) => place !== null) && new Set(taken).size === places;
}

test('a file that finds room lies in memory, until it is disposed of', async () => {
  const room = new ReceivingRoom(1, 300_000);
  {
    await using file = await receive(pieces(), { folder, room, max_bytes: 300_000 });
    expect(file).toMatchObject({ size_bytes: 300_000, sha256 });
    expect(bytes.equals(file?.content as Buffer)).toBe(true);
    expect(file && bodyOf(file)).toBe(file?.content);
    expect(room.take()).toBeNull();
  }
  expect(isFree(room)).toBe(true);
});

test('places are used again, by one file at a time', async () => {
  const room = new ReceivingRoom(2, 300_000);
  for (let round = 0; round < 3; round += 1) {
    const files = await Promise.all(
      [0, 1, 2].map((n) => receive(Readable.from([Buffer.from(`file ${n}`)]), { folder, room, max_bytes: 10 })),
    );
    const contents = await Promise.all(files.map((file) => buffer(Readable.from(bodyOf(file as ReceivedFile)))));
    expect(contents.map(String)).toEqual(['file 0', 'file 1', 'file 2']);
    expect(files.filter((file) => typeof file?.content === 'string')).toHaveLength(1);
    for (const file of files) await file?.[Symbol.asyncDispose]();
  }
  expect(isFree(room, 2)).toBe(true);
});

test.each([
  ['larger than a place', 1, 295_000],
  ['that finds no place', 0, 300_000],
])('a file %s lies on the disk', async (_what, places, place_bytes) => {
  const room = new ReceivingRoom(places, place_bytes);
  await using file = await receive(pieces(), { folder, room, max_bytes: 300_000 });
  expect(isFree(room, places)).toBe(true);
  expect(file).toMatchObject({ size_bytes: 300_000, sha256, content: expect.stringContaining(folder) });
  expect(bytes.equals(await readFile(file?.content as string))).toBe(true);
  expect(bytes.equals(await buffer(bodyOf(file as ReceivedFile) as Readable))).toBe(true);
});

test('an empty file is one', async () => {
  await using file = await receive(Readable.from([]), { folder, room: new ReceivingRoom(), max_bytes: 10 });
  expect(file).toMatchObject({ size_bytes: 0, content: Buffer.alloc(0) });
});

describe.each([
  ['in memory', 300_000],
  ['on the disk', 50_000],
])('nothing is kept %s', (_where, place_bytes) => {
  test('of a file that is too long', async () => {
    const room = new ReceivingRoom(1, place_bytes);
    const source = pieces();
    expect(await receive(source, { folder, room, max_bytes: 299_999 })).toBeNull();
    expect(source.destroyed).toBe(true);
    expect(isFree(room)).toBe(true);
  });

  test('when the sender goes away', async () => {
    const room = new ReceivingRoom(1, place_bytes);
    async function* broken() {
      yield* pieces();
      throw new Error('connection reset');
    }
    const received = receive(Readable.from(broken()), { folder, room, max_bytes: 1e9 });
    await expect(received).rejects.toThrow('connection reset');
    expect(isFree(room)).toBe(true);
  });

  test('when it is given up while the sender is silent', async () => {
    const room = new ReceivingRoom(1, place_bytes);
    const silent = new PassThrough();
    silent.write(bytes.subarray(0, 100_000));
    const giveUp = new AbortController();
    const received = receive(silent, { folder, room, max_bytes: 1e9, signal: giveUp.signal });
    setImmediate(() => giveUp.abort());
    await expect(received).rejects.toMatchObject({ name: 'AbortError' });
    expect(silent.destroyed).toBe(true);
    expect(isFree(room)).toBe(true);
  });
});
