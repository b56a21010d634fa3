import { request as httpRequest } from 'node:http';
import { createTestApp, type TestApp } from './app.factory.js';
import { jpeg } from './picture-factory.js';

const BYTES = Buffer.from('0123456789abcdefghij');

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp({ env: { MAX_UPLOAD_MB: '1' } });
  await api.storage.datasets.put('7/images/a photo.jpg', BYTES, {
    content_type: 'image/jpeg',
    cache_control: 'private, max-age=900',
  });
  await api.storage.datasets.put('7/images/page.html', Buffer.from('<script>1</script>'), {
    content_type: 'text/html',
  });
});
afterAll(() => api.close());

const link = (key = '7/images/a photo.jpg', download_name?: string) =>
  api.storage.datasets.signGet(key, { expires_in: 60, download_name });
const codeOf = async (answer: Response) => [
  answer.status,
  ((await answer.json()) as { error: { code: string } }).error.code,
];

test('a signed link answers the bytes, for browsers to keep for themselves', async () => {
  const answer = await fetch(link());
  expect(answer.status).toBe(200);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'content-length': '20',
    'cache-control': 'private, max-age=900',
    'x-content-type-options': 'nosniff',
    'accept-ranges': 'bytes',
    etag: expect.stringMatching(/^".+"$/),
  });
});

test('links need no sign-in, and nothing works without one of theirs', async () => {
  const url = new URL(link());
  const plain = `${url.origin}${url.pathname}`;
  expect(await codeOf(await fetch(plain))).toEqual([403, 'forbidden']);
  expect(await codeOf(await fetch(plain, { headers: { authorization: `Bearer ${api.owner.token}` } }))).toEqual([
    403,
    'forbidden',
  ]);
  expect(await codeOf(await fetch(link().replace('a%20photo', 'b%20photo')))).toEqual([403, 'forbidden']);
  const forged = link().replace(/(?<=signature=)./, (first) => (first === 'A' ? 'B' : 'A'));
  expect(await codeOf(await fetch(forged))).toEqual([403, 'forbidden']);
  expect(await codeOf(await fetch(link().replace(/expires=\d/, 'expires=9')))).toEqual([403, 'forbidden']);
  expect(await codeOf(await fetch(link(), { method: 'PUT', body: 'x' }))).toEqual([403, 'forbidden']);
  expect(await codeOf(await fetch(link('7/images/none.jpg')))).toEqual([404, 'not_found']);
});

test('HEAD, parts and unchanged', async () => {
  const head = await fetch(link(), { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), (await head.arrayBuffer()).byteLength]).toEqual([
    200,
    '20',
    0,
  ]);
  const part = await fetch(link(), { headers: { range: 'bytes=5-9' } });
  expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([206, 'bytes 5-9/20', '56789']);
  const last = await fetch(link(), { headers: { range: 'bytes=-3' } });
  expect([last.status, await last.text()]).toEqual([206, 'hij']);
  const beyond = await fetch(link(), { headers: { range: 'bytes=20-' } });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */20']);
  const unchanged = await fetch(link(), { headers: { 'if-none-match': head.headers.get('etag') ?? '' } });
  expect([unchanged.status, await unchanged.text()]).toEqual([304, '']);
});

test('a download has its name, whatever the script; a page cannot act', async () => {
  const answer = await fetch(link(undefined, '거리 사진.jpg'));
  expect(answer.headers.get('content-disposition')).toMatch(
    new RegExp(`^attachment; filename="[_ ]+\\.jpg"; filename\\*=UTF-8''${encodeURIComponent('거리 사진.jpg')}$`, 'u'),
  );
  const page = await fetch(link('7/images/page.html'));
  expect(page.headers.get('content-security-policy')).toContain('sandbox');
});

test('a PUT stores what comes, up to the limit, with the type it was signed for', async () => {
  const url = api.storage.datasets.signPut('7/uploads/1/0', { expires_in: 60, content_type: 'image/png' });
  const put = (body: Uint8Array<ArrayBuffer>, content_type = 'image/png') =>
    fetch(url, { method: 'PUT', body, headers: { 'content-type': content_type } });
  const answer = await put(new Uint8Array(BYTES));
  expect([answer.status, answer.headers.get('etag')]).toEqual([200, expect.stringMatching(/^".+"$/)]);
  expect((await api.storage.datasets.head('7/uploads/1/0')).content_type).toBe('image/png');
  expect(await codeOf(await put(new Uint8Array(BYTES), 'text/html'))).toEqual([403, 'forbidden']);
  expect((await api.storage.datasets.head('7/uploads/1/0')).size).toBe(20);
});

test('a PUT beyond the limit is refused before it is read, and the connection is not used again', async () => {
  const url = api.storage.datasets.signPut('7/uploads/1/1', { expires_in: 60, content_type: 'image/png' });
  const { status, headers } = await new Promise<{ status?: number; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const call = httpRequest(url, {
        method: 'PUT',
        headers: { 'content-type': 'image/png', 'content-length': 2 * 1024 * 1024 },
      });
      call.on('response', (answer) => {
        resolve({ status: answer.statusCode, headers: answer.headers });
        answer.resume();
        call.destroy();
      });
      call.on('error', reject);
      call.write(Buffer.alloc(1000));
    },
  );
  expect([status, headers.connection]).toEqual([413, 'close']);
  await expect(api.storage.datasets.head('7/uploads/1/1')).rejects.toThrow();
});

test('a sender who goes away leaves what was there', async () => {
  const url = api.storage.datasets.signPut('7/images/a photo.jpg', { expires_in: 60, content_type: 'image/jpeg' });
  await new Promise<void>((resolve) => {
    const call = httpRequest(url, { method: 'PUT', headers: { 'content-type': 'image/jpeg', 'content-length': 1000 } });
    call.on('error', () => resolve());
    call.write(Buffer.alloc(500), () => call.destroy());
  });
  expect(Buffer.from(await (await fetch(link())).arrayBuffer())).toEqual(BYTES);
});

test('a storage that does not answer: the API starts, says 503 where it is needed, and the rest works', async () => {
  await using alone = await createTestApp({
    env: {
      STORAGE_DRIVER: 's3',
      S3_ENDPOINT: 'http://127.0.0.1:1',
      S3_ACCESS_KEY: 'nobody',
      S3_SECRET_KEY: 'nothing',
      S3_BUCKET_DATASETS: 'datasets',
      S3_BUCKET_ANNOTATIONS: 'annotations',
    },
  });
  const { id, project_id } = await alone.newDataset();
  const as = () => alone.as(alone.owner);
  const upload = await as()
    .post(`/api/v1/datasets/${id}/images`)
    .attach('file', await jpeg(), 'a.jpg');
  expect([upload.status, upload.body.error.code, upload.headers['retry-after']]).toEqual([
    503,
    'storage_unavailable',
    '5',
  ]);
  const large = { files: [{ path: 'large.png', size: 20 * 1024 * 1024, content_type: 'image/png' }] };
  expect((await as().post(`/api/v1/datasets/${id}/uploads`).send(large)).status).toBe(503);
  const list = await as().get(`/api/v1/projects/${project_id}/images`);
  expect([list.status, list.body.items]).toEqual([200, []]);
  expect((await as().get('/health')).status).toBe(200);
  expect((await as().get('/health/ready')).body.checks.storage.ok).toBe(false);
});
