/// <reference types="jest" />
import { contentDisposition } from '../download-name.js';
import { MAX_EXPIRES_IN } from '../driver.js';
import { ObjectNotFound } from '../errors.js';
import { bytesAt, digest, sampleBytes } from './bytes.js';
import type { ContractContext } from './contract.js';
import { request } from './request.js';

/** Signed URLs as browsers use them: through plain HTTP. */
export function urlChecks({ driver, slow_clock, key, optional }: ContractContext): void {
  const content_type = 'image/png';
  const bytes = sampleBytes(20_000);
  const name = 'signed/Foto (1) + é 한글 100%.png';

  async function status(url: string, init?: RequestInit): Promise<number> {
    return (await request(url, init)).status;
  }
  const put = (url: string, type: string, body: Uint8Array = bytes) =>
    request(url, { method: 'PUT', body: Buffer.from(body), headers: { 'content-type': type } });

  describe('signed URLs', () => {
    beforeAll(async () => {
      await driver().put(key(name), bytes, { content_type });
      await driver().put(key('signed/other'), Buffer.from('other'), { content_type });
    });

    test('GET gives the bytes, the type and the etag', async () => {
      const response = await request(driver().signGet(key(name), { expires_in: 60 }));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(content_type);
      expect(response.headers.get('etag')).toBe(`"${(await driver().head(key(name))).etag}"`);
      expect(digest(response.body)).toBe(digest(bytes));
    });

    test('GET of a range, and of what the browser already has', async () => {
      const url = driver().signGet(key(name), { expires_in: 60 });
      const part = await request(url, { headers: { range: 'bytes=100-199' } });
      expect([part.status, part.headers.get('content-range')]).toEqual([206, 'bytes 100-199/20000']);
      expect(digest(part.body)).toBe(digest(bytes.subarray(100, 200)));
      expect(await status(url, { headers: { range: 'bytes=-5' } })).toBe(206);
      expect(await status(url, { headers: { range: 'bytes=20000-' } })).toBe(416);
      const { etag } = await driver().head(key(name));
      expect(await status(url, { headers: { 'if-none-match': `"${etag}"` } })).toBe(304);
      expect(await status(url, { headers: { 'if-none-match': '"another"' } })).toBe(200);
    });

    test('GET with a download name and another type', async () => {
      const download_name = 'größe "1" — 한글.png';
      const url = driver().signGet(key(name), { expires_in: 60, download_name, content_type: 'text/plain' });
      const response = await request(url);
      expect(response.status).toBe(200);
      expect(digest(response.body)).toBe(digest(bytes));
      await optional('response_headers', async () => {
        expect(response.headers.get('content-disposition')).toBe(contentDisposition(download_name));
        expect(response.headers.get('content-type')).toBe('text/plain');
      });
    });

    test('the download name an object was stored with, in one piece and in parts', async () => {
      const download_name = 'coco 한글.json';
      await driver().put(key('signed/whole'), bytes, { content_type, download_name });
      const upload = await driver().multipart(key('signed/parts'), { content_type, download_name });
      await upload.complete([await upload.putPart(1, bytes)]);
      for (const stored of ['signed/whole', 'signed/parts']) {
        const response = await request(driver().signGet(key(stored), { expires_in: 60 }));
        expect(response.headers.get('content-disposition')).toBe(contentDisposition(download_name));
      }
    });

    test('GET URLs repeat, and stay valid for all of their time', async () => {
      const url = driver().signGet(key(name), { expires_in: 1 });
      // Signed on both sides of a quarter of an hour, the second pair cannot differ as well.
      const repeats = url === driver().signGet(key(name), { expires_in: 1 });
      expect(
        repeats || driver().signGet(key(name), { expires_in: 1 }) === driver().signGet(key(name), { expires_in: 1 }),
      ).toBe(true);
      expect(await status(url)).toBe(200);
      expect(await status(driver().signGet(key(name), { expires_in: MAX_EXPIRES_IN }))).toBe(200);
    });

    test('of a missing object: 404', async () => {
      expect(await status(driver().signGet(key('signed/none'), { expires_in: 60 }))).toBe(404);
    });

    test('an expired one is refused', async () => {
      expect(await status(slow_clock().signGet(key(name), { expires_in: 60 }))).toBe(403);
      const late = await put(slow_clock().signPut(key('signed/late'), { expires_in: 60, content_type }), content_type);
      expect(late.status).toBe(403);
      await expect(driver().head(key('signed/late'))).rejects.toThrow(ObjectNotFound);
    });

    test('a changed one is refused', async () => {
      const url = driver().signGet(key('signed/other'), { expires_in: 60, content_type: 'text/html' });
      expect(await status(url)).toBe(200);
      const change = (pattern: RegExp, value: (old: string) => string) => {
        const changed = new URL(url);
        for (const [param, old] of [...changed.searchParams]) {
          if (pattern.test(param)) changed.searchParams.set(param, value(old));
        }
        return changed.href;
      };
      const changed = {
        key: url.replace('signed/other', encodeURI(name)),
        type: change(/type/, () => 'text/plain'),
        life: change(/expires/i, (seconds) => `${Number(seconds) + 1}`),
        signature: change(/signature$/i, (old) => (old.startsWith('a') ? 'b' : 'a') + old.slice(1)),
        'no signature': change(/signature$/i, () => ''),
      };
      for (const [what, href] of Object.entries(changed)) {
        expect(href).not.toBe(url);
        // MinIO calls what cannot be a signature a bad request.
        expect(`${what}: ${await status(href)}`).toMatch(/: 40[03]$/);
      }
    });

    test('another method is refused', async () => {
      const get = driver().signGet(key('signed/other'), { expires_in: 60 });
      expect((await put(get, content_type)).status).toBe(403);
      expect(await status(get, { method: 'DELETE' })).toBe(403);
      const signed_put = driver().signPut(key('signed/other'), { expires_in: 60, content_type });
      expect([400, 403]).toContain(await status(signed_put));
      expect((await bytesAt(driver(), key('signed/other'))).toString()).toBe('other');
    });

    test('PUT stores under the signed type and answers the etag', async () => {
      const url = driver().signPut(key('signed/put é.png'), { expires_in: 60, content_type });
      const response = await put(url, content_type);
      expect(response.status).toBe(200);
      const head = await driver().head(key('signed/put é.png'));
      expect(head).toMatchObject({ size: bytes.length, content_type });
      expect(response.headers.get('etag')).toBe(`"${head.etag}"`);
      expect(digest(await bytesAt(driver(), key('signed/put é.png')))).toBe(digest(bytes));
      expect((await put(url, content_type, Buffer.alloc(0))).status).toBe(200);
      expect((await driver().head(key('signed/put é.png'))).size).toBe(0);
    });

    test('PUT with another type is refused and stores nothing', async () => {
      const url = driver().signPut(key('signed/typed'), { expires_in: 60, content_type });
      expect((await put(url, 'text/html')).status).toBe(403);
      await expect(driver().head(key('signed/typed'))).rejects.toThrow(ObjectNotFound);
    });

    test('PUT of another size than signed is refused and stores nothing', async () => {
      const url = driver().signPut(key('signed/sized'), { expires_in: 60, content_type, size: bytes.length });
      for (const other of [Buffer.alloc(0), bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)])])
        expect((await put(url, content_type, other)).status).toBe(403);
      await expect(driver().head(key('signed/sized'))).rejects.toThrow(ObjectNotFound);
      expect((await put(url, content_type)).status).toBe(200);
      expect((await driver().head(key('signed/sized'))).size).toBe(bytes.length);
      expect(() => driver().signPut(key('x'), { expires_in: 60, content_type, size: -1 })).toThrow(RangeError);
    });

    test('a life outside 1 s to seven days is refused when signing', () => {
      for (const expires_in of [0, -1, 1.5, NaN, MAX_EXPIRES_IN + 1]) {
        expect(() => driver().signGet(key('x'), { expires_in })).toThrow(RangeError);
        expect(() => driver().signPut(key('x'), { expires_in, content_type })).toThrow(RangeError);
      }
      expect(() => driver().signPut(key('x'), { expires_in: 60, content_type: 'a/b\r\nx: y' })).toThrow(RangeError);
    });
  });
}
