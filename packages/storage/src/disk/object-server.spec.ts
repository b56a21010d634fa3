import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { ObjectNotFound } from '../errors.js';
import { createStorage, type Storage } from '../storage.js';
import { bytesAt, digest, sampleBytes } from '../testing/bytes.js';
import { serveDiskObjects } from '../testing/index.js';

const content_type = 'image/png';
const bytes = sampleBytes(1_000);
const LIMIT = 100_000;

describe('objects on disk over HTTP', () => {
  let root: string;
  let storage: Storage;
  let server: Awaited<ReturnType<typeof serveDiskObjects>>;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'labelyard-http-'));
    const made: { storage?: Storage } = {};
    server = await serveDiskObjects(() => made.storage?.object_server ?? null);
    made.storage = storage = createStorage({
      driver: 'disk',
      root,
      public_url: server.origin,
      signing_secret: 'a secret for tests, of more than 32 characters',
      max_put_bytes: LIMIT,
    });
    await storage.datasets.put('a.png', bytes, { content_type });
    await storage.datasets.put('empty', Buffer.alloc(0), { content_type });
    await storage.datasets.put('cached', bytes, { content_type, cache_control: 'private, max-age=3600' });
    await storage.annotations.put('export.json', Buffer.from('{}'), { content_type: 'application/json' });
  });
  afterAll(async () => {
    await server.close();
    await rm(root, { recursive: true });
  });

  const get = (key: string, init?: RequestInit) => fetch(storage.datasets.signGet(key, { expires_in: 60 }), init);
  const bytesOf = async (response: Response) => new Uint8Array(await response.arrayBuffer());

  test('headers say what it is and keep it from running', async () => {
    const { etag, modified_at } = await storage.datasets.head('a.png');
    const response = await get('a.png');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': content_type,
      'content-length': '1000',
      etag: `"${etag}"`,
      'last-modified': modified_at.toUTCString(),
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    expect(digest(await bytesOf(response))).toBe(digest(bytes));
    expect((await get('cached')).headers.get('cache-control')).toBe('private, max-age=3600');
  });

  const described = ({ headers }: Response) =>
    [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));

  test('HEAD is GET without the bytes', async () => {
    for (const key of ['a.png', 'empty']) {
      const [full, head] = [await get(key), await get(key, { method: 'HEAD' })];
      expect(head.status).toBe(200);
      expect((await bytesOf(head)).length).toBe(0);
      expect(described(head)).toEqual(described(full));
      await bytesOf(full);
    }
    expect((await get('none', { method: 'HEAD' })).status).toBe(404);
  });

  test.each([
    ['bytes=0-0', 206, 'bytes 0-0/1000', 1],
    ['bytes=0-', 206, 'bytes 0-999/1000', 1000],
    ['bytes=990-2000', 206, 'bytes 990-999/1000', 10],
    ['bytes=-10', 206, 'bytes 990-999/1000', 10],
    ['bytes=-5000', 206, 'bytes 0-999/1000', 1000],
    ['bytes=1000-', 416, 'bytes */1000', undefined],
    ['bytes=5000-6000', 416, 'bytes */1000', undefined],
    ['bytes=-0', 416, 'bytes */1000', undefined],
    ['bytes=5-4', 200, null, 1000],
    ['bytes=0-1,5-6', 200, null, 1000],
    ['bytes=-', 200, null, 1000],
    ['bytes=a-b', 200, null, 1000],
    ['lines=1-2', 200, null, 1000],
  ])('Range: %s answers %d', async (range, status, content_range, length) => {
    const response = await get('a.png', { headers: { range } });
    expect([response.status, response.headers.get('content-range')]).toEqual([status, content_range]);
    const body = await bytesOf(response);
    if (length === undefined) return;
    const start = Number(/bytes (\d+)/.exec(content_range ?? '')?.[1] ?? 0);
    expect(digest(body)).toBe(digest(bytes.subarray(start, start + length)));
  });

  test('a range of nothing', async () => {
    expect((await get('empty', { headers: { range: 'bytes=0-' } })).status).toBe(416);
    expect((await get('empty')).headers.get('content-length')).toBe('0');
  });

  test('If-None-Match and If-Range', async () => {
    const etag = `"${(await storage.datasets.head('a.png')).etag}"`;
    const status = async (headers: Record<string, string>) => {
      const response = await get('a.png', { headers });
      expect((await bytesOf(response)).length > 0).toBe(response.status !== 304);
      return response.status;
    };
    for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
      expect(await status({ 'if-none-match': tags })).toBe(304);
    for (const tags of ['"other"', '', etag.slice(0, -2)]) expect(await status({ 'if-none-match': tags })).toBe(200);
    expect(await status({ range: 'bytes=0-1', 'if-range': etag })).toBe(206);
    expect(await status({ range: 'bytes=0-1', 'if-range': '"other"' })).toBe(200);
  });

  test('buckets are apart', async () => {
    const url = storage.annotations.signGet('export.json', { expires_in: 60 });
    expect(await (await fetch(url)).text()).toBe('{}');
    const elsewhere = await fetch(url.replace('/annotations/', '/datasets/'));
    expect(elsewhere.status).toBe(403);
    expect(await elsewhere.json()).toEqual({ error: { code: 'bad_signature', message: expect.any(String) } });
  });

  const put = (key: string, body: RequestInit['body'], extra: object = {}) =>
    fetch(storage.datasets.signPut(key, { expires_in: 60, content_type }), {
      method: 'PUT',
      headers: { 'content-type': content_type },
      body,
      ...extra,
    });

  test('a body over the limit is refused, announced or not, and nothing is stored', async () => {
    const large = sampleBytes(LIMIT + 1);
    const announced = await put('large', large);
    expect(announced.status).toBe(413);
    expect(await announced.json()).toEqual({
      error: { code: 'payload_too_large', message: expect.stringContaining(`${LIMIT}`) },
    });
    const chunked = await put('large', Readable.toWeb(Readable.from([large])) as RequestInit['body'], {
      duplex: 'half',
    });
    expect(chunked.status).toBe(413);
    expect((await put('large', large.subarray(1))).status).toBe(200);
    expect((await bytesAt(storage.datasets, 'large')).length).toBe(LIMIT);
  });

  test('a part of an unknown upload is 404', async () => {
    const upload = storage.datasets.resumeMultipart('x', '00000000-0000-0000-0000-000000000000');
    expect((await fetch(upload.signPart(1, { expires_in: 60 }), { method: 'PUT', body: 'x' })).status).toBe(404);
    const escape = storage.datasets.resumeMultipart('x', '../../objects');
    expect((await fetch(escape.signPart(1, { expires_in: 60 }), { method: 'PUT', body: 'x' })).status).toBe(404);
  });

  test('a client that leaves half-way leaves nothing', async () => {
    const { pathname, search, port } = new URL(storage.datasets.signPut('half', { expires_in: 60, content_type }));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `PUT ${pathname}${search} HTTP/1.1\r\nHost: x\r\nContent-Type: ${content_type}\r\nContent-Length: 5000\r\n\r\n`,
    );
    socket.write(sampleBytes(2_000));
    const temporary = join(root, 'datasets', 'temporary');
    while ((await readdir(temporary)).length === 0) await new Promise(setImmediate);
    socket.destroy();
    await once(socket, 'close');
    while ((await readdir(temporary)).length > 0) await new Promise(setImmediate);
    await expect(storage.datasets.head('half')).rejects.toThrow(ObjectNotFound);
  });

  test('a reader that leaves half-way leaves no open file', async () => {
    await storage.datasets.put('big', sampleBytes(20_000_000), { content_type });
    for (let round = 0; round < 20; round++) {
      const controller = new AbortController();
      const response = await get('big', { signal: controller.signal });
      await response.body?.getReader().read();
      controller.abort();
    }
    const open = async () => (await readdir('/proc/self/fd')).length;
    if (process.platform !== 'linux') return;
    const before = await open();
    await bytesOf(await get('big'));
    expect(await open()).toBeLessThanOrEqual(before + 10);
  });
});
