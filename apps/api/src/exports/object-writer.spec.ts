import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createStorage, MAX_PARTS, ObjectNotFound, type StorageDriver } from '@labelyard/storage';
import { partBytes, writeObject } from './object-writer.js';

const MB = 1024 * 1024;
let root: string;
let storage: StorageDriver;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'object-writer-'));
  storage = createStorage({ driver: 'disk', root, public_url: '', signing_secret: 's'.repeat(32) }).annotations;
});
afterAll(() => rm(root, { recursive: true }));

const never = new AbortController().signal;

/** Pieces of odd sizes, text and bytes, `length` bytes in all. */
async function* pieces(length: number): AsyncGenerator<string | Uint8Array> {
  for (let at = 0, n = 0; at < length; n++) {
    const size = Math.min(length - at, n % 2 ? 700_001 : 999_983);
    const bytes = Buffer.alloc(size, `${n}.`);
    yield n % 2 ? bytes : bytes.toString('latin1');
    at += size;
  }
}

test.each([0, 1, 5 * MB - 1, 5 * MB, 5 * MB + 1, 10 * MB, 20 * MB + 7])(
  '%i bytes arrive as they were sent',
  async (length) => {
    const key = `1/exports/${length}`;
    const written = await writeObject(storage, key, pieces(length), {
      content_type: 'application/json',
      signal: never,
    });
    const { body, content_type } = await storage.get(key);
    const stored = await buffer(body);
    expect(content_type).toBe('application/json');
    expect(stored.length).toBe(length);
    expect(written).toEqual({ size_bytes: length, sha256: createHash('sha256').update(stored).digest('hex') });
  },
);

test('parts are small, and larger where there would be more of them than a storage takes', async () => {
  const GB = 1024 * MB;
  expect([undefined, 0, 35 * GB].map((expected) => partBytes(expected) / MB)).toEqual([5, 5, 5]);
  for (const expected of [50 * GB, 100 * GB, 250 * GB]) {
    expect(partBytes(expected) * MAX_PARTS).toBeGreaterThan(expected * 1.2);
    expect(partBytes(expected)).toBeLessThanOrEqual(32 * MB);
  }
  expect(partBytes(5_000 * GB)).toBe(32 * MB);
  const expected_bytes = 100 * GB;
  await writeObject(storage, 'large', pieces(40 * MB), { content_type: 'text/plain', signal: never, expected_bytes });
  expect((await storage.head('large')).size).toBe(40 * MB);
});

test('text is UTF-8', async () => {
  async function* text() {
    yield 'Straße ';
    yield '한국어 🐈';
  }
  await writeObject(storage, 'text', text(), { content_type: 'text/plain', signal: never });
  expect((await buffer((await storage.get('text')).body)).toString()).toBe('Straße 한국어 🐈');
});

test.each([3, 20])('a source that fails after %i MB leaves what was there before', async (megabytes) => {
  const key = `failing/${megabytes}`;
  async function* failing() {
    yield* pieces(megabytes * MB);
    throw new Error('the database went away');
  }
  const writing = () => writeObject(storage, key, failing(), { content_type: 'text/plain', signal: never });
  await expect(writing()).rejects.toThrow('the database went away');
  await expect(storage.head(key)).rejects.toThrow(ObjectNotFound);
  await storage.put(key, Buffer.from('before'), { content_type: 'text/plain' });
  await expect(writing()).rejects.toThrow('the database went away');
  expect((await storage.head(key)).size).toBe(6);
});

test('an abort is heard between pieces', async () => {
  const stop = new AbortController();
  async function* endless() {
    for (let n = 0; ; n++) {
      if (n === 12) stop.abort(new Error('shutting down'));
      yield Buffer.alloc(MB);
    }
  }
  const writing = writeObject(storage, 'endless', endless(), { content_type: 'text/plain', signal: stop.signal });
  await expect(writing).rejects.toThrow('shutting down');
  await expect(storage.head('endless')).rejects.toThrow(ObjectNotFound);
});
