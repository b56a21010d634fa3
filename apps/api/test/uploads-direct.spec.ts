import { createHash } from 'node:crypto';
import type { Upload, UploadAnswer } from '@labelyard/contract';
import { StorageUnavailable } from '@labelyard/storage';
import sharp from 'sharp';
import { createLog } from '../src/http/log.js';
import { createServer } from '../src/http/server.js';
import type { TestApp } from './app.factory.js';
import { describeEachStorage } from './each-storage.js';
import { jpeg, largePng } from './picture-factory.js';
import { storedKeys } from './stored-keys.js';

const MB = 1024 * 1024;

interface Sent {
  path: string;
  bytes: Buffer;
  content_type?: string;
  sha256?: string;
}

describeEachStorage('direct uploads', (start) => {
  let api: TestApp;
  let dataset: { id: number; project_id: number };
  beforeAll(async () => {
    // One process: tests make its storage fail and start it anew.
    api = await start({ replicas: 1 });
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    dataset = await api.newDataset();
  });

  async function announce(files: Sent[], on_duplicate?: string): Promise<Upload> {
    const { status, body } = await api
      .as(api.owner)
      .post(`/api/v1/datasets/${dataset.id}/uploads`)
      .send({
        files: files.map(({ path, bytes, content_type = 'image/jpeg', sha256 }) => ({
          path,
          size: bytes.length,
          content_type,
          sha256,
        })),
        on_duplicate,
      });
    expect({ status, body }).toMatchObject({ status: 201 });
    return body as Upload;
  }
  const put = (url: string | undefined, bytes: Uint8Array, content_type?: string) =>
    fetch(url ?? 'no URL', {
      method: 'PUT',
      body: bytes as Uint8Array<ArrayBuffer>,
      headers: content_type ? { 'content-type': content_type } : {},
    });
  const complete = async (upload_id: number, body: object = {}): Promise<{ status: number; body: UploadAnswer }> => {
    const answer = await api.as(api.owner).post(`/api/v1/uploads/${upload_id}/complete`).send(body);
    return { status: answer.status, body: answer.body as UploadAnswer };
  };
  const resume = async (upload_id: number) =>
    (await api.as(api.owner).get(`/api/v1/uploads/${upload_id}`)).body as Upload;
  const images = async () =>
    (await api.as(api.owner).get(`/api/v1/projects/${dataset.project_id}/images?sort=path`)).body.items as {
      id: number;
      path: string;
      url: string;
      thumbnail_url: string;
    }[];
  const stagedKeys = () => storedKeys(api.storage.datasets, `${dataset.id}/uploads/`);
  async function putAll(upload: Upload, files: Sent[]): Promise<void> {
    for (const { put_url, content_type, path } of upload.files) {
      const sent = files.find((file) => file.path.normalize('NFC') === path);
      if (put_url && sent) expect((await put(put_url, sent.bytes, content_type)).status).toBe(200);
    }
  }

  test('announce, send, complete', async () => {
    const files: Sent[] = [
      { path: 'a.jpg', bytes: await jpeg(300, 200) },
      { path: 'folder/거리.jpg', bytes: await jpeg(20, 30), content_type: '' },
    ];
    const upload = await announce(files);
    expect(upload).toMatchObject({ dataset_id: dataset.id, on_duplicate: 'skip' });
    expect(upload.files.map(({ path, status, size }) => [path, status, size])).toEqual(
      files.map(({ path, bytes }) => [path, 'pending', bytes.length]),
    );
    expect(upload.files[1]?.content_type).toBe('application/octet-stream');
    await putAll(upload, files);
    const { status, body } = await complete(upload.id);
    expect(status).toBe(200);
    expect(body.rejected).toEqual([]);
    expect(
      body.items.map(({ path, width, height, content_type, sha256 }) => ({
        path,
        width,
        height,
        content_type,
        sha256,
      })),
    ).toEqual(
      files.map(({ path, bytes }, n) => ({
        path,
        width: n ? 20 : 300,
        height: n ? 30 : 200,
        content_type: 'image/jpeg',
        sha256: createHash('sha256').update(bytes).digest('hex'),
      })),
    );
    for (const [n, { url, thumbnail_url }] of (await images()).entries()) {
      expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(files[n]?.bytes ?? Buffer.alloc(0))).toBe(true);
      const thumbnail = Buffer.from(await (await fetch(thumbnail_url)).arrayBuffer());
      expect((await sharp(thumbnail).metadata()).format).toBe('jpeg');
    }
    expect(await stagedKeys()).toEqual([]);
    expect((await complete(upload.id)).body).toEqual(body);
  });

  test('what cannot become an image is refused before a byte is sent', async () => {
    await putAndComplete([{ path: 'there.jpg', bytes: await jpeg() }]);
    const good = await jpeg(44, 44);
    const upload = await announce([
      { path: 'there.jpg', bytes: good },
      { path: 'x/../y.jpg', bytes: good },
      { path: 'empty.jpg', bytes: Buffer.alloc(0) },
      { path: 'new.jpg', bytes: good },
      { path: './new.jpg', bytes: good },
      { path: 'huge.jpg', bytes: { length: 51 * MB } as Buffer },
    ]);
    expect(upload.files.map(({ status, code, put_url }) => [status, code ?? null, put_url !== undefined])).toEqual([
      ['skipped', null, false],
      ['rejected', 'invalid_path', false],
      ['rejected', 'empty_file', false],
      ['pending', null, true],
      ['rejected', 'duplicate_in_request', false],
      ['rejected', 'file_too_large', false],
    ]);
    await put(upload.files[3]?.put_url, good, 'image/jpeg');
    const { body } = await complete(upload.id);
    expect(body.items.map(({ path }) => path)).toEqual(['there.jpg', 'new.jpg']);
    expect(body.skipped).toEqual(['there.jpg']);
    expect(body.rejected.map(({ code }) => code)).toEqual([
      'invalid_path',
      'empty_file',
      'duplicate_in_request',
      'file_too_large',
    ]);
  });

  async function putAndComplete(files: Sent[], on_duplicate?: string) {
    const upload = await announce(files, on_duplicate);
    await putAll(upload, files);
    return complete(upload.id);
  }

  test('what arrived is checked; what can be mended stays open', async () => {
    const bytes = await jpeg(60, 60);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const upload = await announce([
      { path: 'missing.jpg', bytes },
      { path: 'short.jpg', bytes },
      { path: 'other.jpg', bytes, sha256 },
      { path: 'text.jpg', bytes: Buffer.from('This is no image.') },
      { path: 'cut.jpg', bytes: bytes.subarray(0, 500) },
    ]);
    const urls = upload.files.map((file) => file.put_url);
    // Refused by the storage itself: nothing of it counts, or is kept.
    for (const other of [bytes.subarray(0, 300), Buffer.concat([bytes, bytes])])
      expect((await put(urls[1], other, 'image/jpeg')).status).toBe(403);
    await put(urls[2], Buffer.alloc(bytes.length), 'image/jpeg');
    await put(urls[3], Buffer.from('This is no image.'), 'image/jpeg');
    await put(urls[4], bytes.subarray(0, 500), 'image/jpeg');
    const first = await complete(upload.id);
    expect(first.status).toBe(200);
    expect(first.body.items).toEqual([]);
    expect(first.body.rejected.map(({ name, code }) => [name, code])).toEqual([
      ['missing.jpg', 'not_uploaded'],
      ['short.jpg', 'not_uploaded'],
      ['other.jpg', 'hash_mismatch'],
      ['text.jpg', 'not_an_image'],
      ['cut.jpg', 'damaged_image'],
    ]);
    const open = await resume(upload.id);
    expect(open.files.map(({ status, code }) => [status, code ?? null])).toEqual([
      ['pending', null],
      ['pending', null],
      ['pending', null],
      ['rejected', 'not_an_image'],
      ['rejected', 'damaged_image'],
    ]);
    for (const { put_url } of open.files.slice(0, 3)) await put(put_url, bytes, 'image/jpeg');
    const second = await complete(upload.id);
    expect(second.body.items.map(({ path }) => path)).toEqual(['missing.jpg', 'short.jpg', 'other.jpg']);
    expect(second.body.rejected.map(({ code }) => code)).toEqual(['not_an_image', 'damaged_image']);
    expect(await stagedKeys()).toEqual([]);
  });

  test('an image is shown as what it is, whatever it was announced as', async () => {
    const { body } = await putAndComplete([
      { path: 'note.jpg', bytes: await jpeg(20, 20), content_type: 'text/plain' },
    ]);
    expect(body.rejected).toEqual([]);
    const [image] = await images();
    const shown = await fetch(image?.url ?? '');
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    expect(shown.headers.get('cache-control')).toBe('private, max-age=900');
  });

  test('bytes that are sent while others are looked at do not become the image', async () => {
    const sound = { path: 'a.jpg', bytes: await jpeg(20, 20) };
    const upload = await announce([sound]);
    await putAll(upload, [sound]);
    const { datasets } = api.storage;
    const copy = datasets.copy;
    datasets.copy = async (...args) => {
      await put(upload.files[0]?.put_url, Buffer.alloc(sound.bytes.length, '<script>alert(1)</script>'), 'image/jpeg');
      return copy(...args);
    };
    const refused = await complete(upload.id);
    datasets.copy = copy;
    expect(refused.body.rejected).toMatchObject([{ name: 'a.jpg', code: 'hash_mismatch' }]);
    expect(await images()).toEqual([]);
    await putAll(upload, [sound]);
    expect((await complete(upload.id)).body.items).toHaveLength(1);
  });

  test('a URL takes the announced content type only', async () => {
    const upload = await announce([{ path: 'a.jpg', bytes: await jpeg() }]);
    const answer = await put(upload.files[0]?.put_url, await jpeg(), 'text/html');
    expect(answer.status).toBe(403);
  });

  test('large files go in parts, in any order, and are resumed with new URLs', async () => {
    const bytes = await largePng(20);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const upload = await announce([{ path: 'large.png', bytes, content_type: 'image/png', sha256 }]);
    const [file] = upload.files;
    expect(file?.put_url).toBeUndefined();
    expect(file?.parts?.map(({ number, offset, size }) => [number, offset, size])).toEqual([
      [1, 0, 8 * MB],
      [2, 8 * MB, 8 * MB],
      [3, 16 * MB, bytes.length - 16 * MB],
    ]);
    const etags: { number: number; etag: string }[] = [];
    const sendPart = async ({
      number,
      url,
      offset,
      size,
    }: {
      number: number;
      url: string;
      offset: number;
      size: number;
    }) => {
      const answer = await put(url, bytes.subarray(offset, offset + size));
      expect(answer.status).toBe(200);
      etags.push({ number, etag: answer.headers.get('etag') ?? '' });
    };
    const parts = file?.parts ?? [];
    await sendPart(parts[2] as (typeof parts)[0]);
    await sendPart(parts[0] as (typeof parts)[0]);
    expect((await complete(upload.id)).body.rejected).toEqual([
      { name: 'large.png', code: 'not_uploaded', message: expect.stringContaining('ETags') },
    ]);
    const again = await resume(upload.id);
    await sendPart(again.files[0]?.parts?.[1] as (typeof parts)[0]);
    const { body } = await complete(upload.id, { paths: ['large.png'], etags: { 'large.png': etags } });
    expect(body.items[0]).toMatchObject({ path: 'large.png', sha256, size_bytes: bytes.length });
    expect((await complete(upload.id)).body.items).toHaveLength(1);
  });

  test('parts whose bytes are wrong can be sent again', async () => {
    const bytes = await largePng(17);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const upload = await announce([{ path: 'large.png', bytes, content_type: 'image/png', sha256 }]);
    const send = async (given: Upload, content: Buffer) => {
      const etags = [];
      for (const { number, url, offset, size } of given.files[0]?.parts ?? []) {
        const answer = await put(url, content.subarray(offset, offset + size));
        etags.push({ number, etag: answer.headers.get('etag') ?? '' });
      }
      return complete(given.id, { etags: { 'large.png': etags } });
    };
    const damaged = await send(upload, Buffer.alloc(bytes.length, 7));
    expect(damaged.body.rejected[0]?.code).toBe('hash_mismatch');
    const mended = await send(await resume(upload.id), bytes);
    expect(mended.body.items).toHaveLength(1);
  });

  test.each(['skip', 'overwrite', 'rename'])('two completions at once (%s): each image once', async (on_duplicate) => {
    await putAndComplete([{ path: 'a.jpg', bytes: await jpeg(90, 90) }]);
    const files: Sent[] = await Promise.all(
      ['a.jpg', 'b.jpg', 'c.jpg'].map(async (path, n) => ({ path, bytes: await jpeg(50 + n, 50) })),
    );
    const upload = await announce(files, on_duplicate);
    await putAll(upload, files);
    const answers = await Promise.all([complete(upload.id), complete(upload.id), complete(upload.id)]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers[1]?.body).toEqual(answers[0]?.body);
    expect(answers[2]?.body).toEqual(answers[0]?.body);
    const expected = on_duplicate === 'rename' ? ['a (2).jpg', 'a.jpg', 'b.jpg', 'c.jpg'] : ['a.jpg', 'b.jpg', 'c.jpg'];
    expect((await images()).map(({ path }) => path)).toEqual(expected);
    const keys = await storedKeys(api.storage.datasets, `${dataset.id}/images/`);
    expect(keys).toEqual(expected.map((path) => `${dataset.id}/images/${path}`));
  });

  test('a completion that looks for bytes another one has just done with answers the same', async () => {
    const files: Sent[] = [{ path: 'a.jpg', bytes: await jpeg(60, 50) }];
    const upload = await announce(files);
    await putAll(upload, files);
    const { datasets } = api.storage;
    const get = datasets.get.bind(datasets);
    let faster: Awaited<ReturnType<typeof complete>> | null = null;
    datasets.get = async (...args) => {
      datasets.get = get;
      faster = await complete(upload.id);
      return get(...args);
    };
    const slower = await complete(upload.id);
    expect(slower.body.items).toHaveLength(1);
    expect(slower).toEqual(faster);
  });

  test('clients complete in batches as files arrive', async () => {
    const files: Sent[] = await Promise.all(
      ['1', '2', '3'].map(async (n) => ({ path: `${n}.jpg`, bytes: await jpeg(30 + +n, 30) })),
    );
    const upload = await announce(files);
    for (const { path, put_url } of upload.files) {
      await put(put_url, files.find((file) => file.path === path)?.bytes ?? Buffer.alloc(0), 'image/jpeg');
      const { body } = await complete(upload.id, { paths: [path] });
      expect(body.items.map((item) => item.path)).toEqual([path]);
    }
    expect((await resume(upload.id)).files.map(({ status }) => status)).toEqual([
      'completed',
      'completed',
      'completed',
    ]);
  });

  test('the storage away while completing: 503, then the same request works', async () => {
    const files: Sent[] = [{ path: 'a.jpg', bytes: await jpeg() }];
    const upload = await announce(files);
    await putAll(upload, files);
    const { datasets } = api.storage;
    const copy = datasets.copy.bind(datasets);
    datasets.copy = () => Promise.reject(new StorageUnavailable('The storage does not answer.'));
    const failed = await complete(upload.id);
    datasets.copy = copy;
    expect([failed.status, failed.body.error?.code]).toEqual([503, 'storage_unavailable']);
    expect(await images()).toEqual([]);
    expect((await complete(upload.id)).body.items).toHaveLength(1);
  });

  test('what is never completed is thrown away when its time is over', async () => {
    const files: Sent[] = [
      { path: 'done.jpg', bytes: await jpeg() },
      { path: 'sent.jpg', bytes: await jpeg(31, 31) },
      { path: 'large.png', bytes: await largePng(17), content_type: 'image/png' },
    ];
    const upload = await announce(files);
    await putAll(upload, files);
    await complete(upload.id, { paths: ['done.jpg'] });
    expect(await stagedKeys()).toHaveLength(1);
    await api.db.sql.run(`update uploads set expires_at = now() - interval '1 minute' where id = $1`, [upload.id]);
    await api.db.sql.rows(
      `select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key = $1), run_at := now()),
        pg_notify('jobs:insert', '{"count":1}')`,
      [`uploads.clean:${upload.id}`],
    );
    const targets = async () => (await resume(upload.id)).files.filter(({ put_url, parts }) => put_url ?? parts);
    while ((await targets()).length > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await stagedKeys()).toEqual([]);
    expect((await complete(upload.id)).status).toBe(404);
    expect((await images()).map(({ path }) => path)).toEqual(['done.jpg']);
  });

  test('others see nothing of it', async () => {
    const upload = await announce([{ path: 'a.jpg', bytes: await jpeg() }]);
    const annotator = await api.newMember(dataset.project_id, 'annotator');
    for (const [person, status] of [
      [annotator, 403],
      [api.stranger, 404],
    ] as const) {
      expect((await api.as(person).get(`/api/v1/uploads/${upload.id}`)).status).toBe(status);
      expect((await api.as(person).post(`/api/v1/uploads/${upload.id}/complete`).send({})).status).toBe(status);
    }
  });

  test('a restart of the API in between loses nothing', async () => {
    const files: Sent[] = await Promise.all(
      ['1', '2'].map(async (n) => ({ path: `${n}.jpg`, bytes: await jpeg(30 + +n, 30) })),
    );
    const upload = await announce(files);
    await put(upload.files[0]?.put_url, files[0]?.bytes ?? Buffer.alloc(0), 'image/jpeg');
    await complete(upload.id, { paths: ['1.jpg'] });
    await api.app.close();
    const restarted = await createServer(api.env, createLog(api.env));
    await restarted.listen({ port: Number(new URL(api.url).port), host: '127.0.0.1' });
    try {
      const open = await resume(upload.id);
      expect(open.files.map(({ status }) => status)).toEqual(['completed', 'pending']);
      await put(open.files[1]?.put_url, files[1]?.bytes ?? Buffer.alloc(0), 'image/jpeg');
      const { body } = await complete(upload.id);
      expect(body.items.map(({ path }) => path)).toEqual(['1.jpg', '2.jpg']);
    } finally {
      await restarted.close();
    }
  });
});
