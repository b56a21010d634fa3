/// <reference types="jest" />
import { MIN_PART_SIZE, type MultipartUpload } from '../driver.js';
import { InvalidPart, ObjectNotFound, StorageError, UploadNotFound } from '../errors.js';
import { bytesAt, digest, sampleBytes } from './bytes.js';
import type { ContractContext } from './contract.js';
import { request } from './request.js';

/** Uploads in parts. */
export function uploadChecks({ driver, slow_clock, key, optional }: ContractContext): void {
  const content_type = 'application/zip';
  const bytes = sampleBytes(2 * MIN_PART_SIZE + 1_234);
  const part = (n: number) => bytes.subarray((n - 1) * MIN_PART_SIZE, n * MIN_PART_SIZE);
  const putParts = (upload: MultipartUpload) => Promise.all([3, 1, 2].map((n) => upload.putPart(n, part(n))));

  describe('uploads in parts', () => {
    test('parts in any order make the object, visible only when complete', async () => {
      const upload = await driver().multipart(key('up/plain é'), { content_type });
      expect(upload.key).toBe(key('up/plain é'));
      const parts = await putParts(upload);
      await expect(driver().head(key('up/plain é'))).rejects.toThrow(ObjectNotFound);
      const done = await upload.complete(parts);
      expect(done.size).toBe(bytes.length);
      expect(await driver().head(key('up/plain é'))).toMatchObject({ ...done, content_type });
      expect(digest(await bytesAt(driver(), key('up/plain é')))).toBe(digest(bytes));
    });

    test('goes on by its id, in another process too', async () => {
      const { upload_id } = await driver().multipart(key('up/resumed'), { content_type });
      const first = await driver().resumeMultipart(key('up/resumed'), upload_id).putPart(1, part(1));
      const later = slow_clock().resumeMultipart(key('up/resumed'), upload_id);
      const rest = [await later.putPart(2, part(2)), await later.putPart(3, part(3))];
      await driver()
        .resumeMultipart(key('up/resumed'), upload_id)
        .complete([first, ...rest]);
      expect(digest(await bytesAt(driver(), key('up/resumed')))).toBe(digest(bytes));
    });

    test('a part put again replaces the first', async () => {
      const upload = await driver().multipart(key('up/again'), { content_type });
      const wrong = await upload.putPart(1, Buffer.from('wrong'));
      const right = await upload.putPart(1, Buffer.from('right'));
      expect(right.etag).not.toBe(wrong.etag);
      await upload.complete([right]);
      expect((await bytesAt(driver(), key('up/again'))).toString()).toBe('right');
    });

    test('one part may be of any size, even empty', async () => {
      const upload = await driver().multipart(key('up/empty'), { content_type });
      await upload.complete([await upload.putPart(1, Buffer.alloc(0))]);
      expect(await driver().head(key('up/empty'))).toMatchObject({ size: 0, content_type });
    });

    test('goes once and in order, where it will not be resumed', async () => {
      const upload = await driver().multipart(key('up/once'), { content_type, once: true, download_name: 'a b.zip' });
      const parts = [await upload.putPart(1, part(1)), await upload.putPart(2, part(2))];
      await expect(driver().head(key('up/once'))).rejects.toThrow(ObjectNotFound);
      const done = await upload.complete([...parts, await upload.putPart(3, part(3))]);
      expect(done.size).toBe(bytes.length);
      expect(await driver().head(key('up/once'))).toMatchObject({ ...done, content_type });
      expect(digest(await bytesAt(driver(), key('up/once')))).toBe(digest(bytes));
      await upload.abort();
      expect((await driver().head(key('up/once'))).size).toBe(bytes.length);
    });

    test('once: missing parts and small ones are refused, and it can be ended by its id', async () => {
      const upload = await driver().multipart(key('up/once-ended'), { content_type, once: true });
      const one = await upload.putPart(1, Buffer.from('x'));
      await expect(upload.complete([{ ...one, etag: '0'.repeat(32) }])).rejects.toThrow(InvalidPart);
      await expect(upload.complete([one, { part_number: 2, etag: one.etag }])).rejects.toThrow(InvalidPart);
      await expect(upload.complete([one, await upload.putPart(2, Buffer.from('y'))])).rejects.toThrow(InvalidPart);
      await driver().resumeMultipart(upload.key, upload.upload_id).abort();
      await expect(upload.putPart(3, Buffer.from('z'))).rejects.toThrow(UploadNotFound);
      await expect(driver().head(key('up/once-ended'))).rejects.toThrow(ObjectNotFound);
      await upload.abort();
    });

    test('replaces an object only when complete', async () => {
      await driver().put(key('up/replaced'), Buffer.from('older'), { content_type });
      const upload = await driver().multipart(key('up/replaced'), { content_type });
      const one = await upload.putPart(1, Buffer.from('newer'));
      expect((await bytesAt(driver(), key('up/replaced'))).toString()).toBe('older');
      await upload.complete([one]);
      expect((await bytesAt(driver(), key('up/replaced'))).toString()).toBe('newer');
    });

    test('abort forgets it, and may be repeated', async () => {
      const upload = await driver().multipart(key('up/aborted'), { content_type });
      const one = await upload.putPart(1, Buffer.from('x'));
      await upload.abort();
      await upload.abort();
      await expect(upload.putPart(1, Buffer.from('x'))).rejects.toThrow(UploadNotFound);
      const failure: unknown = await upload.complete([one]).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(StorageError);
      await optional('unknown_upload', async () => {
        expect(failure).toBeInstanceOf(UploadNotFound);
      });
      await expect(driver().head(key('up/aborted'))).rejects.toThrow(ObjectNotFound);
    });

    test('abort after complete leaves the object', async () => {
      const upload = await driver().multipart(key('up/kept'), { content_type });
      await upload.complete([await upload.putPart(1, Buffer.from('kept'))]);
      await upload.abort();
      expect((await bytesAt(driver(), key('up/kept'))).toString()).toBe('kept');
    });

    test('belongs to its key', async () => {
      const { upload_id } = await driver().multipart(key('up/mine'), { content_type });
      const stolen = driver().resumeMultipart(key('up/theirs'), upload_id);
      await expect(stolen.putPart(1, Buffer.from('x'))).rejects.toThrow(UploadNotFound);
      await driver().resumeMultipart(key('up/mine'), upload_id).abort();
    });

    test('missing parts and wrong etags are refused', async () => {
      const upload = await driver().multipart(key('up/wrong'), { content_type });
      const one = await upload.putPart(1, Buffer.from('x'));
      await expect(upload.complete([one, { part_number: 2, etag: one.etag }])).rejects.toThrow(InvalidPart);
      await expect(upload.complete([{ ...one, etag: '0'.repeat(32) }])).rejects.toThrow(InvalidPart);
      await expect(upload.complete([])).rejects.toThrow(RangeError);
      await expect(upload.complete([one, one])).rejects.toThrow(RangeError);
      for (const n of [0, -1, 10_001, 1.5]) await expect(upload.putPart(n, part(1))).rejects.toThrow(RangeError);
      await expect(driver().head(key('up/wrong'))).rejects.toThrow(ObjectNotFound);
      await upload.abort();
    });

    test('small parts before the last are refused', async () => {
      const upload = await driver().multipart(key('up/small'), { content_type });
      const parts = [await upload.putPart(1, Buffer.from('x')), await upload.putPart(2, Buffer.from('y'))];
      await expect(upload.complete(parts)).rejects.toThrow(InvalidPart);
      await upload.abort();
    });

    test('parts of unequal size are refused', async () => {
      const upload = await driver().multipart(key('up/unequal'), { content_type });
      const sizes = [MIN_PART_SIZE + 1, MIN_PART_SIZE, 10];
      const parts = await Promise.all(sizes.map((size, index) => upload.putPart(index + 1, bytes.subarray(0, size))));
      await optional('equal_parts', async () => {
        // Local R2 refuses as well, but calls it NoSuchUpload.
        const code = expect.stringMatching(/^(invalid_part|upload_not_found)$/) as string;
        await expect(upload.complete(parts)).rejects.toMatchObject({ code });
        await expect(driver().head(key('up/unequal'))).rejects.toThrow(ObjectNotFound);
      });
      await upload.abort();
    });

    test('parts by signed URL', async () => {
      const upload = await driver().multipart(key('up/signed é'), { content_type });
      const parts = await Promise.all(
        [1, 2, 3].map(async (part_number) => {
          const body = part(part_number);
          const url = upload.signPart(part_number, { expires_in: 60, size: body.length });
          const response = await request(url, { method: 'PUT', body });
          expect(response.status).toBe(200);
          return { part_number, etag: (response.headers.get('etag') ?? '').replaceAll('"', '') };
        }),
      );
      await upload.complete(parts);
      expect(digest(await bytesAt(driver(), key('up/signed é')))).toBe(digest(bytes));
      expect((await driver().head(key('up/signed é'))).content_type).toBe(content_type);
    });

    test('changed and expired URLs of a part are refused, and another size than signed', async () => {
      const upload = await driver().multipart(key('up/tampered'), { content_type });
      const body = Buffer.from('x');
      const url = upload.signPart(1, { expires_in: 60 });
      const other = new URL(url);
      for (const [param, value] of [...other.searchParams]) if (value === '1') other.searchParams.set(param, '2');
      expect(other.href).not.toBe(url);
      expect((await request(other, { method: 'PUT', body })).status).toBe(403);
      expect((await request(url)).status).toBe(403);
      const sized = upload.signPart(1, { expires_in: 60, size: body.length });
      expect((await request(sized, { method: 'PUT', body: Buffer.from('xy') })).status).toBe(403);
      expect((await request(sized, { method: 'PUT', body })).status).toBe(200);
      const expired = slow_clock().resumeMultipart(upload.key, upload.upload_id).signPart(1, { expires_in: 60 });
      expect((await request(expired, { method: 'PUT', body })).status).toBe(403);
      expect((await request(url, { method: 'PUT', body })).status).toBe(200);
      await upload.abort();
      expect((await request(url, { method: 'PUT', body })).status).toBe(404);
    });
  });
}
