import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStorage, type StorageDriver } from '@labelyard/storage';
import { s3TestServer, startLocalR2 } from '@labelyard/storage/testing';
import { syncBucket, type SyncOptions } from '../../src/storage/sync-bucket.js';
import { type Fault, faultyProxy, type FaultyProxy } from './faulty-proxy.js';
import { contents, fill, manifestOf } from './two-sides.js';

// Cloudflare's local R2, or the server of S3_TEST_*; its two buckets are the two sides.
let root: string;
let server: {
  endpoint: string;
  access_key: string;
  secret_key: string;
  region: string;
  buckets: { datasets: string; annotations: string };
};
let stop = async () => undefined as unknown;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'yard-s3-'));
  const given = s3TestServer();
  if (given) return void (server = given);
  const local = await startLocalR2({ dir: join(root, 'r2') });
  server = local;
  stop = () => local.stop();
}, 90_000);
afterAll(async () => {
  await stop();
  rmSync(root, { recursive: true, force: true });
});

const connect = (change: Partial<typeof server> = {}) =>
  createStorage({
    driver: 's3',
    ...server,
    ...change,
    max_attempts: 1,
    timeouts: { connect_ms: 2_000, idle_ms: 5_000 },
  });

let from: StorageDriver;
let to: StorageDriver;
let folder: string;
const signal = new AbortController().signal;

beforeEach(async () => {
  ({ datasets: from, annotations: to } = connect());
  folder = join(root, randomUUID());
  for (const driver of [from, to]) {
    const keys: string[] = [];
    for await (const { key } of driver.list('')) keys.push(key);
    await driver.deleteMany(keys);
  }
});

const MANY = Object.fromEntries(
  Array.from({ length: 24 }, (_, n) => [`1/images/${n} ü.jpg`, Buffer.alloc(20_000 + n, n)]),
);

function sync(options: Partial<SyncOptions> = {}) {
  return syncBucket({ source: from, target: to, folder, signal, ...options });
}

test('from bucket to bucket: equal, with types and manifest, and nothing to do the second time', async () => {
  await fill(from, { ...MANY, 'large.png': Buffer.alloc(3_000_000, 1) });
  await from.put('named.zip', Buffer.from('zip'), { content_type: 'application/zip', download_name: '내보내기.zip' });
  expect((await sync()).copied.objects).toBe(26);
  expect(await contents(to)).toEqual(await contents(from));
  const named = await to.get('named.zip');
  named.body.destroy();
  expect(named.download_name).toBe('내보내기.zip');
  const again = await sync();
  expect(again).toMatchObject({ copied: { objects: 0 }, retries: 0 });
  expect(again.found.skip.objects).toBe(26);
  expect(await manifestOf(again.manifest)).toHaveLength(26);
});

describe('a network and a server that fail', () => {
  let proxy: FaultyProxy;
  beforeEach(async () => {
    proxy = await faultyProxy(server.endpoint);
  });
  afterEach(() => proxy[Symbol.asyncDispose]());

  /** Every `n`-th object request fails. */
  const every = (n: number, method: string, fault: Fault) => {
    let count = 0;
    proxy.fault = (asked, url) => (asked === method && url.includes('images') && ++count % n === 0 ? fault : undefined);
  };

  test.each<[string, string, Fault]>([
    ['429 with Retry-After', 'PUT', { answer: 429, retry_after: 1 }],
    ['503', 'GET', { answer: 503 }],
    ['500', 'PUT', { answer: 500 }],
    ['a connection that breaks', 'PUT', { cut: 'at once' }],
    ['an answer that never comes', 'PUT', { cut: 'answer' }],
    ['a body cut in the middle', 'GET', { cut_body_after: 9_000 }],
    ['slow answers', 'GET', { slow_ms: 300 }],
  ])('%s: everything arrives whole', async (_what, method, fault) => {
    await fill(from, MANY);
    every(4, method, fault);
    const through = connect({ endpoint: proxy.endpoint });
    const report = await sync({ source: through.datasets, target: through.annotations });
    through.close();
    expect(report).toMatchObject({ failed: 0, copied: { objects: 24 } });
    if (!('slow_ms' in fault)) expect(report.retries).toBeGreaterThanOrEqual(5);
    expect(report.throttled > 0).toBe('answer' in fault && [429, 503].includes(fault.answer));
    expect(await contents(to)).toEqual(await contents(from));
  });

  test('501 to HEAD, as R2 answers now and then, is asked again', async () => {
    let once = true;
    proxy.fault = (method) => (method === 'HEAD' && once ? ((once = false), { answer: 501 }) : undefined);
    const through = createStorage({ driver: 's3', ...server, endpoint: proxy.endpoint });
    await fill(from, { a: 'a' });
    expect(await through.datasets.head('a')).toMatchObject({ size: 1 });
    through.close();
  });

  test('a server that stays away ends the run after bounded tries, with nothing half-written', async () => {
    await fill(from, MANY);
    every(1, 'PUT', { answer: 503 });
    const through = connect({ endpoint: proxy.endpoint });
    await expect(sync({ target: through.annotations, attempts: 2, concurrency: { start: 4, max: 4 } })).rejects.toThrow(
      '503',
    );
    through.close();
    expect(proxy.seen.filter((line) => line.includes('images')).length).toBeLessThan(40);
    expect(await contents(to)).toEqual({});
    expect((await sync()).copied.objects).toBe(24);
  });
});

test.each([
  ['a wrong secret', { secret_key: 'wrong' }, /Check the access key, the secret key/u],
  ['a bucket that is not there', { buckets: { datasets: 'no-such-bucket', annotations: 'nor-this-one' } }, /bucket/u],
  ['a server that is not there', { endpoint: 'http://127.0.0.1:1' }, /ECONNREFUSED/u],
])('%s: told before anything is done', async (_what, change, says) => {
  await fill(from, { a: 'a' });
  const wrong = connect(change);
  await expect(sync({ target: wrong.annotations })).rejects.toThrow(says);
  wrong.close();
});

// R2's local stand-in takes every region and every clock; other servers, R2 itself among them, answer like this.
test.each([
  ['another region than the server’s', 400, 'AuthorizationHeaderMalformed', /Check the region/u],
  ['a bucket in another region', 301, 'PermanentRedirect', /correct the endpoint and the region/u],
  ['a clock 20 minutes off', 403, 'RequestTimeTooSkewed', /clocks .* differ by over 15 minutes: set this one/u],
])('%s: told before anything is done, and not tried again', async (_what, answer, code, says) => {
  await fill(from, { a: 'a' });
  await using proxy = await faultyProxy(server.endpoint);
  proxy.fault = () => ({ answer, code });
  const wrong = connect({ endpoint: proxy.endpoint });
  await expect(sync({ target: wrong.annotations })).rejects.toThrow(says);
  wrong.close();
  expect(proxy.seen).toHaveLength(1);
});

test('two addresses of one bucket are found out', async () => {
  const alias = connect({ endpoint: server.endpoint.replace('127.0.0.1', 'localhost') });
  await expect(sync({ target: alias.datasets })).rejects.toThrow('are the same bucket');
  alias.close();
});

test('killed in the middle of many objects and of a large one, it goes on without sending finished parts again', async () => {
  const large = Buffer.alloc(18 * 1024 * 1024, 'large ');
  await fill(from, { ...MANY, 'z-large.jpg': large });
  const built = (name: string) => JSON.stringify(new URL(`../../dist/storage/${name}`, import.meta.url).href);
  const ends = { driver: 's3', ...server, max_attempts: 1 };
  const program = `import { createStorage } from '@labelyard/storage';
     import { syncBucket } from ${built('sync-bucket.js')};
     const storage = createStorage(${JSON.stringify(ends)});
     const upload = storage.annotations.multipart;
     storage.annotations.multipart = async (...asked) => {
       const begun = await upload(...asked);
       return { ...begun, complete: () => process.kill(process.pid, 'SIGKILL') };
     };
     const parts_from = ${large.length};
     await syncBucket({ source: storage.datasets, target: storage.annotations, folder: ${JSON.stringify(folder)}, parts_from, signal: new AbortController().signal });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  await using proxy = await faultyProxy(server.endpoint);
  const through = connect({ endpoint: proxy.endpoint });
  const report = await sync({ target: through.annotations, parts_from: large.length });
  through.close();
  expect(report.failed).toBe(0);
  expect(proxy.seen.filter((line) => line.includes('partNumber'))).toEqual([]);
  expect(await contents(to)).toEqual(await contents(from));
  expect((await sync()).found.skip.objects).toBe(25);
}, 60_000);
