/// <reference types="jest" />
import { hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { InvalidKey, ObjectChanged, ObjectNotFound, RangeNotSatisfiable } from '../errors.js';
import { bytesAt, digest, inChunks, readAll, sampleBytes } from './bytes.js';
import type { ContractContext } from './contract.js';
import { AWKWARD_NAMES, LONG_NAME, REFUSED_KEYS } from './awkward-keys.js';

/** Put, get, head, copy and delete. */
export function objectChecks({ driver, key, optional }: ContractContext): void {
  const content_type = 'image/png';

  describe('objects', () => {
    test('ping answers', async () => {
      await driver().ping();
    });

    test('what was put is what get and head tell', async () => {
      const bytes = sampleBytes(100_003);
      const put = await driver().put(key('plain'), bytes, { content_type, cache_control: 'private, max-age=60' });
      expect(put).toEqual({ size: 100_003, etag: expect.stringMatching(/^[^"]+$/) as string });
      const { body, ...rest } = await driver().get(key('plain'));
      expect(rest).toEqual({ ...put, content_type, cache_control: 'private, max-age=60' });
      expect(digest(await readAll(body))).toBe(digest(bytes));
      const head = await driver().head(key('plain'));
      expect(head).toEqual({ ...put, content_type, modified_at: expect.any(Date) as Date });
      expect(Math.abs(head.modified_at.getTime() - Date.now())).toBeLessThan(10 * 60_000);
    });

    test('the name to save under comes back, whatever letters it has', async () => {
      const download_name = '내보내기 "1"; ü 100%.zip';
      await driver().put(key('named'), Buffer.from('x'), { content_type, download_name });
      const upload = await driver().multipart(key('named-in-parts'), { content_type, download_name });
      await upload.complete([await upload.putPart(1, Buffer.from('x'))]);
      for (const name of ['named', 'named-in-parts']) {
        const { body, ...rest } = await driver().get(key(name));
        body.destroy();
        expect(rest).toMatchObject({ content_type, download_name });
      }
    });

    test('a stream that is sent once goes out as it comes', async () => {
      const bytes = sampleBytes(12 * 1024 * 1024 + 5);
      const options = { content_type, size: bytes.length, once: true };
      const put = await driver().put(key('once'), Readable.from(inChunks(bytes)), options);
      expect(put.size).toBe(bytes.length);
      expect(digest(await bytesAt(driver(), key('once')))).toBe(digest(bytes));
    });

    test('0 bytes are an object', async () => {
      expect((await driver().put(key('empty'), Buffer.alloc(0), { content_type, size: 0 })).size).toBe(0);
      expect((await driver().put(key('empty-stream'), Readable.from([]), { content_type })).size).toBe(0);
      for (const name of ['empty', 'empty-stream']) {
        expect((await driver().head(key(name))).size).toBe(0);
        expect(await bytesAt(driver(), key(name))).toHaveLength(0);
      }
    });

    test('a stream of 12 MiB, of known and of unknown length', async () => {
      const bytes = sampleBytes(12 * 1024 * 1024 + 7);
      const sized = await driver().put(key('sized'), Readable.from(inChunks(bytes)), {
        content_type,
        size: bytes.length,
      });
      const unsized = await driver().put(key('unsized'), inChunks(bytes), { content_type });
      const buffer = await driver().put(key('buffer'), bytes, { content_type });
      for (const [name, put] of Object.entries({ sized, unsized, buffer })) {
        expect(put.size).toBe(bytes.length);
        expect(digest(await bytesAt(driver(), key(name)))).toBe(digest(bytes));
        const { size, etag, ...head } = await driver().head(key(name));
        expect({ size, etag }).toEqual(put);
        expect(head.content_type).toBe(content_type);
      }
    });

    test('a stream of exactly one part and of exactly two', async () => {
      for (const length of [8, 16].map((mib) => mib * 1024 * 1024)) {
        const bytes = sampleBytes(length);
        await driver().put(key('exact'), Readable.from([bytes]), { content_type });
        expect(digest(await bytesAt(driver(), key('exact')))).toBe(digest(bytes));
      }
    });

    test('a put replaces bytes, type and etag', async () => {
      const before = await driver().put(key('again'), Buffer.from('before'), { content_type: 'text/plain' });
      const after = await driver().put(key('again'), Buffer.from('after!'), { content_type });
      expect(after.etag).not.toBe(before.etag);
      expect((await bytesAt(driver(), key('again'))).toString()).toBe('after!');
      expect(await driver().head(key('again'))).toMatchObject({ ...after, content_type });
    });

    test('a put of bytes whose SHA-256 is known: other bytes, another etag', async () => {
      const put = (text: string) => {
        const bytes = Buffer.from(text);
        return driver().put(key('hashed'), bytes, { content_type, size: bytes.length, sha256: hash('sha256', bytes) });
      };
      const first = await put('one');
      expect(await driver().head(key('hashed'))).toMatchObject({ size: 3, etag: first.etag });
      expect((await put('one')).etag).toBe(first.etag);
      expect((await put('two')).etag).not.toBe(first.etag);
      expect((await bytesAt(driver(), key('hashed'))).toString()).toBe('two');
    });

    test('a reader keeps what it opened while the object is replaced', async () => {
      const first = sampleBytes(3_000_000, 1);
      await driver().put(key('kept'), first, { content_type });
      const { body, etag } = await driver().get(key('kept'));
      const replaced = await driver().put(key('kept'), sampleBytes(2_999_999, 2), { content_type });
      expect(replaced.etag).not.toBe(etag);
      expect(digest(await readAll(body))).toBe(digest(first));
    });

    test('of many puts to one key at once, one wins whole', async () => {
      const versions = Array.from({ length: 8 }, (_, n) => sampleBytes(200_000 + n, n + 1));
      await Promise.all(versions.map((bytes) => driver().put(key('race'), inChunks(bytes), { content_type })));
      const { body, size, etag } = await driver().get(key('race'));
      const bytes = await readAll(body);
      expect(versions.map(digest)).toContain(digest(bytes));
      expect(size).toBe(bytes.length);
      expect((await driver().head(key('race'))).etag).toBe(etag);
    });

    test('`a` and `a/b` are two objects', async () => {
      await driver().put(key('a'), Buffer.from('1'), { content_type });
      await driver().put(key('a/b'), Buffer.from('22'), { content_type });
      await driver().put(key('a/b/c'), Buffer.from('333'), { content_type });
      await driver().delete(key('a/b'));
      expect((await bytesAt(driver(), key('a'))).toString()).toBe('1');
      expect((await bytesAt(driver(), key('a/b/c'))).toString()).toBe('333');
      await expect(driver().head(key('a/b'))).rejects.toThrow(ObjectNotFound);
    });

    test('awkward names: each is its own object, for every method', async () => {
      const keys = AWKWARD_NAMES.map((name) => key(`names/${name}`));
      await Promise.all(keys.map((one) => driver().put(one, Buffer.from(one), { content_type })));
      for (const one of keys) {
        expect((await bytesAt(driver(), one)).toString()).toBe(one);
        expect((await driver().head(one)).size).toBe(Buffer.byteLength(one));
      }
      const [first = '', second = ''] = keys;
      const copied = key('copies/ + %20 (é) 한글.jpg');
      for (const one of keys) {
        await driver().copy(one, copied);
        expect((await bytesAt(driver(), copied)).toString()).toBe(one);
      }
      await driver().delete(first);
      await driver().deleteMany(keys.slice(2));
      await expect(driver().head(first)).rejects.toThrow(ObjectNotFound);
      const left: string[] = [];
      for await (const listed of driver().list(key('names/'))) left.push(listed.key);
      expect(left).toEqual([second]);
    });

    test('a name longer than any file’s', () =>
      optional('long_names', async () => {
        const long = key(LONG_NAME);
        await driver().put(long, Buffer.from('long'), { content_type });
        await driver().copy(long, key('short'));
        expect((await bytesAt(driver(), key('short'))).toString()).toBe('long');
        await driver().deleteMany([long]);
        await expect(driver().head(long)).rejects.toThrow(ObjectNotFound);
      }));

    test('NFC and NFD spellings are two objects', () =>
      optional('unicode_forms', async () => {
        await driver().put(key('forms/\u00e9'), Buffer.from('nfc'), { content_type });
        await driver().put(key('forms/e\u0301'), Buffer.from('nfd'), { content_type });
        expect((await bytesAt(driver(), key('forms/\u00e9'))).toString()).toBe('nfc');
        expect((await bytesAt(driver(), key('forms/e\u0301'))).toString()).toBe('nfd');
      }));

    test.each([
      { range: { start: 0, end: 0 }, start: 0, end: 0 },
      { range: { start: 10, end: 19 }, start: 10, end: 19 },
      { range: { start: 990 }, start: 990, end: 999 },
      { range: { start: 999, end: 999 }, start: 999, end: 999 },
      { range: { start: 500, end: 5_000_000 }, start: 500, end: 999 },
      { range: { start: 0 }, start: 0, end: 999 },
    ])('range $range.start–$range.end', async ({ range, start, end }) => {
      const bytes = sampleBytes(1000);
      await driver().put(key('ranges'), bytes, { content_type });
      const part = await driver().get(key('ranges'), { range });
      expect(part).toMatchObject({ size: 1000, content_type, range: { start, end } });
      expect(digest(await readAll(part.body))).toBe(digest(bytes.subarray(start, end + 1)));
    });

    test('ranges beyond the end, and of nothing', async () => {
      await driver().put(key('ranges/10'), sampleBytes(10), { content_type });
      await driver().put(key('ranges/0'), Buffer.alloc(0), { content_type });
      await expect(driver().get(key('ranges/10'), { range: { start: 10 } })).rejects.toThrow(RangeNotSatisfiable);
      await expect(driver().get(key('ranges/10'), { range: { start: 11, end: 12 } })).rejects.toThrow(
        RangeNotSatisfiable,
      );
      await expect(driver().get(key('ranges/0'), { range: { start: 0 } })).rejects.toThrow(RangeNotSatisfiable);
      for (const range of [{ start: -1 }, { start: 5, end: 4 }, { start: 0.5 }, { start: NaN }]) {
        await expect(driver().get(key('ranges/10'), { range })).rejects.toThrow(RangeError);
      }
    });

    test('copy takes bytes and type along, and replaces', async () => {
      const put = await driver().put(key('from'), sampleBytes(5_000), { content_type });
      await driver().put(key('to'), Buffer.from('older and longer'), { content_type: 'text/plain' });
      expect((await driver().copy(key('from'), key('to'))).size).toBe(put.size);
      expect(digest(await bytesAt(driver(), key('to')))).toBe(digest(sampleBytes(5_000)));
      expect((await driver().head(key('to'))).content_type).toBe(content_type);
      expect((await driver().copy(key('to'), key('to'))).size).toBe(put.size);
      await driver().delete(key('from'));
      expect(digest(await bytesAt(driver(), key('to')))).toBe(digest(sampleBytes(5_000)));
    });

    test('copy with a type of its own, and only of what was looked at', async () => {
      const { etag } = await driver().put(key('seen'), sampleBytes(5_000), { content_type: 'text/html' });
      const metadata = { content_type, cache_control: 'private, max-age=900' };
      await driver().copy(key('seen'), key('typed'), { if_etag: etag, metadata });
      const copied = await driver().get(key('typed'));
      copied.body.destroy();
      expect(copied).toMatchObject(metadata);
      expect((await driver().head(key('seen'))).content_type).toBe('text/html');
      await driver().put(key('seen'), Buffer.from('other bytes'), { content_type });
      await expect(driver().copy(key('seen'), key('typed'), { if_etag: etag })).rejects.toThrow(ObjectChanged);
      expect(digest(await bytesAt(driver(), key('typed')))).toBe(digest(sampleBytes(5_000)));
      await expect(driver().copy(key('none'), key('typed'), { if_etag: etag })).rejects.toThrow(ObjectNotFound);
    });

    test('what is missing', async () => {
      await expect(driver().get(key('none'))).rejects.toThrow(ObjectNotFound);
      await expect(driver().get(key('none'), { range: { start: 0, end: 1 } })).rejects.toThrow(ObjectNotFound);
      await expect(driver().head(key('none'))).rejects.toThrow(ObjectNotFound);
      await expect(driver().copy(key('none'), key('none2'))).rejects.toThrow(ObjectNotFound);
      await driver().delete(key('none'));
      await driver().deleteMany([key('none'), key('none/at/all')]);
      await driver().deleteMany([]);
    });

    test('the errors name the key and carry a code', async () => {
      await expect(driver().head(key('naïve "name"'))).rejects.toMatchObject({
        code: 'object_not_found',
        details: { key: key('naïve "name"') },
      });
    });

    test.each(REFUSED_KEYS)('no method takes the key %j', async (bad) => {
      await expect(driver().put(bad, Buffer.from('x'), { content_type })).rejects.toThrow(InvalidKey);
      await expect(driver().get(bad)).rejects.toThrow(InvalidKey);
      await expect(driver().head(bad)).rejects.toThrow(InvalidKey);
      await expect(driver().delete(bad)).rejects.toThrow(InvalidKey);
      await expect(driver().deleteMany([bad])).rejects.toThrow(InvalidKey);
      await expect(driver().copy(bad, key('x'))).rejects.toThrow(InvalidKey);
      await expect(driver().copy(key('x'), bad)).rejects.toThrow(InvalidKey);
      await expect(driver().multipart(bad, { content_type })).rejects.toThrow(InvalidKey);
      expect(() => driver().resumeMultipart(bad, 'id')).toThrow(InvalidKey);
      expect(() => driver().signGet(bad, { expires_in: 60 })).toThrow(InvalidKey);
      expect(() => driver().signPut(bad, { expires_in: 60, content_type })).toThrow(InvalidKey);
    });
  });
}
