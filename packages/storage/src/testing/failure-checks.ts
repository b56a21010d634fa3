/// <reference types="jest" />
import { PassThrough, Readable } from 'node:stream';
import { ObjectNotFound, SizeMismatch } from '../errors.js';
import { bytesAt, inChunks, readAll, sampleBytes } from './bytes.js';
import type { ContractContext } from './contract.js';

/** Streams that fail, lie about their length, or are given up: nothing is stored, and what was there stays. */
export function failureChecks({ driver, key }: ContractContext): void {
  const content_type = 'image/png';
  const large = sampleBytes(12 * 1024 * 1024);

  describe('what goes wrong', () => {
    test.each([
      { length: 1_000, announced: 1_001 },
      { length: 1_000, announced: 999 },
      { length: large.length, announced: large.length + 1 },
      { length: large.length, announced: large.length - 1 },
      { length: 0, announced: 1 },
    ])('$length bytes announced as $announced', async ({ length, announced }) => {
      const body = inChunks(large.subarray(0, length));
      await expect(driver().put(key('size'), body, { content_type, size: announced })).rejects.toThrow(SizeMismatch);
      await expect(driver().head(key('size'))).rejects.toThrow(ObjectNotFound);
    });

    test.each([999, 1_001])('1,000 bytes sent once, announced as %d', async (announced) => {
      const options = { content_type, size: announced, once: true };
      await expect(driver().put(key('size-once'), inChunks(large.subarray(0, 1_000)), options)).rejects.toThrow(
        SizeMismatch,
      );
      await expect(driver().head(key('size-once'))).rejects.toThrow(ObjectNotFound);
    });

    test('a stream sent once that fails keeps the older object', async () => {
      await driver().put(key('broken-once'), Buffer.from('older'), { content_type });
      const broken = new Error('the camera was unplugged');
      const body = Readable.from(inChunks(large, broken));
      const put = driver().put(key('broken-once'), body, { content_type, size: large.length + 1, once: true });
      await expect(put).rejects.toBe(broken);
      expect(body.destroyed).toBe(true);
      expect((await bytesAt(driver(), key('broken-once'))).toString()).toBe('older');
    });

    test.each([10, large.length])('a stream failing after %d bytes keeps the older object', async (length) => {
      await driver().put(key('broken'), Buffer.from('older'), { content_type });
      const broken = new Error('the camera was unplugged');
      const body = Readable.from(inChunks(large.subarray(0, length), broken));
      await expect(driver().put(key('broken'), body, { content_type })).rejects.toBe(broken);
      expect(body.destroyed).toBe(true);
      expect((await bytesAt(driver(), key('broken'))).toString()).toBe('older');
    });

    test('what is to be done before an object is visible comes first, and may keep the older one', async () => {
      const storage = driver();
      const bytes = Buffer.from('newer');
      const kept = (name: string) => bytesAt(storage, key(name)).then(String);
      for (const [n, body] of [bytes, Readable.from([bytes])].entries()) {
        const seen: string[] = [];
        await storage.put(key('settled'), Buffer.from('older'), { content_type });
        const before_visible = async () => void seen.push(await kept('settled'));
        await storage.put(key('settled'), body, { content_type, size: bytes.length, before_visible });
        expect(seen).toEqual(['older']);
        expect(await kept('settled')).toBe('newer');
        await storage.copy(key('settled'), key(`settled-copy-${n}`), {
          before_visible: () => expect(storage.head(key(`settled-copy-${n}`))).rejects.toThrow(ObjectNotFound),
        });
        expect(await kept(`settled-copy-${n}`)).toBe('newer');
      }
      const no = new Error('the row could not be made');
      const before_visible = () => Promise.reject(no);
      const body = Readable.from([Buffer.from('newest')]);
      await expect(storage.put(key('settled'), body, { content_type, before_visible })).rejects.toBe(no);
      expect(body.destroyed).toBe(true);
      await expect(storage.put(key('settled'), Buffer.from('newest'), { content_type, before_visible })).rejects.toBe(
        no,
      );
      await expect(storage.copy(key('settled'), key('settled-copy-0'), { before_visible })).rejects.toBe(no);
      expect(await kept('settled')).toBe('newer');
    });

    test('an abort before anything is sent', async () => {
      const signal = AbortSignal.abort(new Error('given up'));
      const body = Readable.from([Buffer.from('x')]);
      await expect(driver().put(key('aborted'), body, { content_type, signal })).rejects.toThrow('given up');
      expect(body.destroyed).toBe(true);
      await expect(driver().put(key('aborted'), Buffer.from('x'), { content_type, signal })).rejects.toThrow(
        'given up',
      );
      await expect(driver().get(key('aborted'), { signal })).rejects.toThrow('given up');
      await expect(driver().head(key('aborted'), { signal })).rejects.toThrow('given up');
      const listing = driver().list(key(''), { signal })[Symbol.asyncIterator]();
      await expect(listing.next()).rejects.toThrow('given up');
      await expect(driver().ping({ signal })).rejects.toThrow('given up');
      await expect(driver().head(key('aborted'))).rejects.toThrow(ObjectNotFound);
    });

    test.each([100, large.length])('an abort while the stream, after %d bytes, says nothing', async (length) => {
      const controller = new AbortController();
      const reason = new Error('given up');
      const body = new PassThrough();
      const put = driver().put(key('stalled'), body, { content_type, signal: controller.signal });
      const ended = expect(put).rejects.toBe(reason);
      await new Promise((resolve) => body.write(large.subarray(0, length), resolve));
      controller.abort(reason);
      await ended;
      expect(body.destroyed).toBe(true);
      await expect(driver().head(key('stalled'))).rejects.toThrow(ObjectNotFound);
    });

    test('an abort while reading ends the body with the reason', async () => {
      await driver().put(key('read'), large, { content_type });
      const controller = new AbortController();
      const reason = new Error('given up');
      const { body } = await driver().get(key('read'), { signal: controller.signal });
      let length = 0;
      const reading = (async () => {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          length += chunk.length;
          controller.abort(reason);
        }
      })();
      await expect(reading).rejects.toBe(reason);
      expect(length).toBeLessThan(large.length);
    });

    test('a body destroyed half-way harms nobody', async () => {
      await driver().put(key('left'), large, { content_type });
      for (let round = 0; round < 3; round++) {
        const { body } = await driver().get(key('left'));
        await body[Symbol.asyncIterator]().next();
        body.destroy();
      }
      expect((await readAll((await driver().get(key('left'))).body)).length).toBe(large.length);
    });

    test('an upload that is given up can be tried again', async () => {
      const upload = await driver().multipart(key('up/retry'), { content_type });
      const signal = AbortSignal.abort(new Error('given up'));
      await expect(upload.putPart(1, Buffer.from('x'), { signal })).rejects.toThrow('given up');
      await upload.complete([await upload.putPart(1, Buffer.from('x'))]);
      expect((await driver().head(key('up/retry'))).size).toBe(1);
    });

    test('wrong arguments are named before anything is sent', async () => {
      for (const type of ['', ' ', 'a\nb', 'ü/b', 'a'.repeat(256)]) {
        await expect(driver().put(key('x'), Buffer.from('x'), { content_type: type })).rejects.toThrow(RangeError);
      }
    });
  });
}
