import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { UploadAnswer } from '@labelyard/contract';
import { imageKey, StorageUnavailable, thumbnailKey } from '@labelyard/storage';
import sharp from 'sharp';
import { JobRegistry } from '../src/jobs/job-registry.js';
import { UPLOAD_FOLDER } from '../src/images/upload-folder.js';
import { createTestApp, type TestApp } from './app.factory.js';
import { bombPng, CORNERS, cornerColors, jpeg, largePng, orientedJpeg, picture } from './picture-factory.js';

let api: TestApp;
let dataset: { id: number; project_id: number };
beforeAll(async () => {
  // One process: tests make its storage fail, and look into its folder.
  api = await createTestApp({ replicas: 1 });
});
afterAll(() => api.close());
beforeEach(async () => {
  dataset = await api.newDataset();
});

type File = [name: string, bytes: Buffer, field?: string];
async function upload(files: File[], query = ''): Promise<{ status: number; body: UploadAnswer }> {
  const form = new FormData();
  for (const [name, bytes, field = 'file'] of files) form.append(field, new Blob([bytes]), name);
  const answer = await fetch(`${api.url}/api/v1/datasets/${dataset.id}/images${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.owner.token}` },
    body: form,
  });
  return { status: answer.status, body: (await answer.json()) as UploadAnswer };
}
const bytesOf = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer());
const images = async () =>
  (await api.as(api.owner).get(`/api/v1/projects/${dataset.project_id}/images`)).body.items as {
    id: number;
    path: string;
    url: string;
    thumbnail_url: string | null;
    width: number;
    height: number;
    size_bytes: number;
    sha256: string;
  }[];

test('a photograph comes back as it went in, with a thumbnail', async () => {
  const bytes = await jpeg(1600, 1000);
  const { status, body } = await upload([['street.jpg', bytes]]);
  expect(status).toBe(201);
  const image = {
    id: expect.any(Number),
    dataset_id: dataset.id,
    path: 'street.jpg',
    width: 1600,
    height: 1000,
    size_bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    content_type: 'image/jpeg',
    split: null,
    uploaded_at: expect.any(String),
  };
  expect(body).toEqual({ items: [image], skipped: [], rejected: [] });
  const [listed] = await images();
  expect(listed).toEqual({
    ...image,
    url: expect.stringContaining(api.url),
    thumbnail_url: expect.stringContaining(api.url),
    status: 'not_started',
    statuses: { detection: 'not_started', segmentation: 'not_started', classification: 'not_started' },
    annotation_count: 0,
    locked_by: null,
  });
  expect(await bytesOf(listed?.url ?? '')).toEqual(bytes);
  const thumbnail = await bytesOf(listed?.thumbnail_url ?? '');
  expect(await sharp(thumbnail).metadata()).toMatchObject({ format: 'jpeg', width: 256, height: 160 });
  const one = await api.as(api.owner).get(`/api/v1/projects/${dataset.project_id}/images/${listed?.id}`);
  expect(one.body).toEqual(listed);
});

test('many files in both fields, with folders; each has its own fate', async () => {
  const good = await jpeg();
  const { status, body } = await upload([
    ['a.jpg', good, 'files'],
    ['day 1/left/a.jpg', await picture(50, 40).png().toBuffer(), 'files'],
    ['notes.txt', Buffer.from('buy milk')],
    ['empty.jpg', Buffer.alloc(0)],
    ['cut.jpg', good.subarray(0, good.length >> 1)],
    ['old.gif', Buffer.from('GIF89a\x01\0\x01\0', 'latin1')],
    ['bomb.png', bombPng(60_000)],
    ['wrong-name.jpg', await picture(30, 20).webp().toBuffer()],
    ['../../etc/passwd.jpg', good],
    ['a.jpg', await jpeg(9, 9)],
    ['last.jpg', await jpeg(70, 70)],
  ]);
  expect(status).toBe(201);
  expect(body.items.map(({ path, width, height, content_type }) => [path, width, height, content_type])).toEqual([
    ['a.jpg', 320, 200, 'image/jpeg'],
    ['day 1/left/a.jpg', 50, 40, 'image/png'],
    ['wrong-name.jpg', 30, 20, 'image/webp'],
    ['last.jpg', 70, 70, 'image/jpeg'],
  ]);
  expect(body.rejected.map(({ name, code }) => [name, code])).toEqual([
    ['notes.txt', 'not_an_image'],
    ['empty.jpg', 'empty_file'],
    ['cut.jpg', 'damaged_image'],
    ['old.gif', 'unsupported_image_type'],
    ['bomb.png', 'too_many_pixels'],
    ['../../etc/passwd.jpg', 'invalid_path'],
    ['a.jpg', 'duplicate_in_request'],
  ]);
  for (const { message } of body.rejected) expect(message.length).toBeGreaterThan(15);
  expect(body).not.toHaveProperty('error');
  expect(await images()).toHaveLength(4);
});

test.each<[string, () => Promise<Buffer>, number, string, string]>([
  ['text', async () => Buffer.from('hello'), 415, 'unsupported_media_type', 'not_an_image'],
  [
    'a GIF',
    async () => Buffer.from('GIF89a\x01\0\x01\0', 'latin1'),
    415,
    'unsupported_media_type',
    'unsupported_image_type',
  ],
  ['nothing', async () => Buffer.alloc(0), 422, 'validation_failed', 'empty_file'],
  ['half a JPEG', async () => (await jpeg()).subarray(0, 900), 422, 'validation_failed', 'damaged_image'],
  ['a bomb', async () => bombPng(60_000), 413, 'payload_too_large', 'too_many_pixels'],
])('only %s: refused as a whole, by name', async (_what, make, status, code, rejection) => {
  const answer = await upload([['x.jpg', await make()]]);
  expect(answer.status).toBe(status);
  expect(answer.body).toEqual({
    items: [],
    skipped: [],
    rejected: [{ name: 'x.jpg', code: rejection, message: expect.any(String) }],
    error: { code, message: expect.stringContaining('x.jpg'), request_id: expect.any(String) },
  });
  expect(await images()).toEqual([]);
  expect(await keysOf(`${dataset.id}/`)).toEqual([]);
});

async function keysOf(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of api.storage.datasets.list(prefix)) keys.push(key);
  return keys;
}

test('EXIF orientation decides size and thumbnail, not the bytes', async () => {
  const files = await Promise.all(
    [1, 2, 3, 4, 5, 6, 7, 8].map(async (n): Promise<File> => [`turned-${n}.jpg`, await orientedJpeg(n, 300, 200)]),
  );
  const { body } = await upload(files);
  expect(body.items.map(({ width, height }) => [width, height])).toEqual(files.map(() => [300, 200]));
  for (const { thumbnail_url } of await images()) {
    expect(await cornerColors(await bytesOf(thumbnail_url ?? ''))).toEqual(CORNERS);
  }
});

test('PNG with alpha, CMYK JPEG and a file of 30 MB', async () => {
  const clear = sharp({ create: { width: 20, height: 10, channels: 4, background: { r: 9, g: 9, b: 9, alpha: 0.5 } } });
  const large = await largePng(30);
  expect(large.length).toBeGreaterThan(30 * 1024 * 1024 * 0.99);
  const { status, body } = await upload([
    ['alpha.png', await clear.png().toBuffer()],
    ['cmyk.jpg', await picture(40, 30).toColourspace('cmyk').jpeg().toBuffer()],
    ['large.png', large],
  ]);
  expect(status).toBe(201);
  expect(body.items.map(({ path, size_bytes }) => [path, size_bytes > 0])).toEqual([
    ['alpha.png', true],
    ['cmyk.jpg', true],
    ['large.png', true],
  ]);
  const stored = (await images()).find(({ path }) => path === 'large.png');
  expect((await bytesOf(stored?.url ?? '')).equals(large)).toBe(true);
});

test('names keep spaces, dots and any letters; NFC and NFD are one name', async () => {
  const names = ['my photo (1).final.v2.jpg', '거리 사진.jpg', '.hidden.jpg', 'naïve 🐈/é.jpg', '100%&+#?.jpg'];
  const { body } = await upload(
    await Promise.all(names.map(async (name, n): Promise<File> => [name, await jpeg(20 + n, 20)])),
  );
  expect(body.rejected).toEqual([]);
  expect(body.items.map(({ path }) => path)).toEqual(names.map((name) => name.normalize('NFC')));
  const again = await upload([[`${'거리 사진'.normalize('NFD')}.jpg`, await jpeg(99, 99)]]);
  expect(again.body.skipped).toEqual(['거리 사진.jpg']);
  for (const { url, width } of await images()) expect((await sharp(await bytesOf(url)).metadata()).width).toBe(width);
});

describe('the same name twice', () => {
  test('skip keeps what is there and answers its row', async () => {
    const first = await upload([['a.jpg', await jpeg(40, 40)]]);
    const second = await upload([['a.jpg', await jpeg(50, 50)]]);
    expect(second.status).toBe(201);
    expect(second.body).toEqual({ items: first.body.items, skipped: ['a.jpg'], rejected: [] });
  });

  test('overwrite replaces bytes, facts and thumbnail, and keeps the id', async () => {
    const first = await upload([['a.jpg', await jpeg(400, 400)]]);
    const bytes = await jpeg(500, 100);
    const second = await upload([['a.jpg', bytes]], '?on_duplicate=overwrite');
    expect(second.body.items[0]).toMatchObject({ id: first.body.items[0]?.id, width: 500, height: 100 });
    const [listed] = await images();
    expect((await bytesOf(listed?.url ?? '')).equals(bytes)).toBe(true);
    expect(await sharp(await bytesOf(listed?.thumbnail_url ?? '')).metadata()).toMatchObject({
      width: 256,
      height: 51,
    });
    expect(await waiting('images.settle')).toEqual([]);
  });

  test('rename gives the next number, and the same bytes again are no new image', async () => {
    const [one, two] = [await jpeg(40, 40), await jpeg(50, 50)];
    await upload([['d/a.jpg', one]]);
    const renamed = await upload([['d/a.jpg', two]], '?on_duplicate=rename');
    expect(renamed.body.items.map(({ path }) => path)).toEqual(['d/a (2).jpg']);
    await upload([['d/a.jpg', one]], '?on_duplicate=rename');
    expect((await images()).map(({ path }) => path)).toEqual(['d/a.jpg', 'd/a (2).jpg']);
  });

  test('at the same moment: one image, whoever wins', async () => {
    const bytes = await jpeg(64, 64);
    const answers = await Promise.all([0, 1, 2, 3, 4].map(() => upload([['a.jpg', bytes]], '?on_duplicate=rename')));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(new Set(answers.map(({ body }) => body.items[0]?.id)).size).toBe(1);
    expect((await images()).map(({ path }) => path)).toEqual(['a.jpg']);
  });

  test.each<[string, string[], string[]]>([
    ['skip', ['a.jpg'], []],
    ['rename', [], ['a (2).jpg']],
  ])('taken while the bytes are on their way, %s: those of the other stay', async (on_duplicate, skipped, made) => {
    const { datasets } = api.storage;
    const put = datasets.put.bind(datasets);
    const others = Buffer.from('bytes of somebody else');
    datasets.put = (key, body, options) => {
      const before_visible = async () => {
        if (key === imageKey(dataset.id, 'a.jpg')) {
          const row = { path: 'a.jpg', width: 1, height: 1, size_bytes: 22, sha256: 'f'.repeat(64), content_type: 'image/jpeg' }; // prettier-ignore
          await api.db.images.insertMany(dataset.id, api.owner.id, 'skip', [row]);
          await put(key, others, { content_type: 'image/jpeg' });
        }
        await options.before_visible?.();
      };
      return put(key, body, { ...options, before_visible });
    };
    const bytes = await jpeg(80, 40);
    const { body } = await upload([['a.jpg', bytes]], `?on_duplicate=${on_duplicate}`);
    datasets.put = put;
    expect(body).toMatchObject({ skipped, rejected: [] });
    expect((await images()).map(({ path }) => path)).toEqual(['a.jpg', ...made]);
    expect((await keysOf(`${dataset.id}/`)).toSorted()).toEqual(
      [imageKey(dataset.id, 'a.jpg'), ...made.flatMap((path) => [imageKey(dataset.id, path), thumbnailKey(dataset.id, path)])].toSorted(), // prettier-ignore
    );
    const { body: kept } = await datasets.get(imageKey(dataset.id, 'a.jpg'));
    expect((await buffer(kept)).equals(others)).toBe(true);
    for (const path of made)
      expect((await buffer((await datasets.get(imageKey(dataset.id, path))).body)).equals(bytes)).toBe(true);
  });

  test('an annotated image is not overwritten by one of another size', async () => {
    const { body } = await upload([['a.jpg', await jpeg(40, 40)]]);
    const image_id = body.items[0]?.id;
    const noted = await api
      .as(api.owner)
      .post('/api/v1/annotations')
      .send({
        project_id: dataset.project_id,
        image_id,
        task_type: 'detection',
        geometry: { type: 'no_object' },
      });
    expect(noted.status).toBe(201);
    const refused = await upload([['a.jpg', await jpeg(80, 40)]], '?on_duplicate=overwrite');
    expect(refused.status).toBe(422);
    expect(refused.body.rejected[0]).toMatchObject({
      code: 'annotated_size_differs',
      message: expect.stringContaining('40 × 40'),
    });
    expect(await waiting('images.settle')).toEqual([]);
    const same = await upload(
      [['a.jpg', await picture(40, 40).jpeg({ quality: 50 }).toBuffer()]],
      '?on_duplicate=overwrite',
    );
    expect(same.status).toBe(201);
  });
});

const waiting = (task: string) =>
  api.db.sql.rows('select key from graphile_worker.jobs where task_identifier = $1', [task]);

describe('forms that are none', () => {
  const url = () => `${api.url}/api/v1/datasets/${dataset.id}/images`;
  const post = (headers: Record<string, string>, body: RequestInit['body']) =>
    fetch(url(), { method: 'POST', headers: { authorization: `Bearer ${api.owner.token}`, ...headers }, body });
  const verdict = async (answer: Response) => [
    answer.status,
    ((await answer.json()) as { error: { code: string } }).error.code,
  ];

  test('without a file', async () => {
    const form = new FormData();
    form.set('note', 'no file here');
    expect(await verdict(await post({}, form))).toEqual([422, 'validation_failed']);
  });

  test('JSON, and no content type', async () => {
    expect(await verdict(await post({ 'content-type': 'application/json' }, '{}'))).toEqual([
      415,
      'unsupported_media_type',
    ]);
    expect(await verdict(await post({ 'content-type': 'image/jpeg' }, 'x'))).toEqual([415, 'unsupported_media_type']);
  });

  test('without a boundary, or cut off', async () => {
    expect((await verdict(await post({ 'content-type': 'multipart/form-data' }, 'x')))[0]).toBe(422);
    const cut = '--b\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\nabc';
    expect(await verdict(await post({ 'content-type': 'multipart/form-data; boundary=b' }, cut))).toEqual([
      422,
      'validation_failed',
    ]);
    expect(await images()).toEqual([]);
  });
});

test('a file above the limit is refused by name and the rest continues', async () => {
  await using small = await createTestApp({ env: { MAX_UPLOAD_MB: '1' } });
  const { id } = await small.newDataset();
  const large = await largePng(3);
  const answer = await small
    .as(small.owner)
    .post(`/api/v1/datasets/${id}/images`)
    .attach('file', large, 'large.png')
    .attach('file', await jpeg(), 'ok.jpg');
  expect(answer.status).toBe(201);
  expect(answer.body.rejected).toEqual([
    { name: 'large.png', code: 'file_too_large', message: expect.stringContaining('1048576') },
  ]);
  expect(answer.body.items).toHaveLength(1);
  const alone = await small.as(small.owner).post(`/api/v1/datasets/${id}/images`).attach('file', large, 'large.png');
  expect([alone.status, alone.body.error.code]).toEqual([413, 'payload_too_large']);
});

test('roles: a viewer may look, an annotator may not upload, a stranger learns nothing', async () => {
  const viewer = await api.newMember(dataset.project_id, 'annotator');
  const bytes = await jpeg();
  const send = (person: typeof viewer) =>
    api.as(person).post(`/api/v1/datasets/${dataset.id}/images`).attach('file', bytes, 'a.jpg');
  expect((await send(viewer)).status).toBe(403);
  expect((await send(api.stranger)).status).toBe(404);
  expect((await api.as(viewer).get(`/api/v1/projects/${dataset.project_id}/images`)).status).toBe(200);
  expect(await images()).toEqual([]);
});

describe('when the storage fails', () => {
  const outage = () => Promise.reject(new StorageUnavailable('The storage does not answer.'));

  test('nothing is half-written, and the same request heals it', async () => {
    const bytes = await jpeg();
    const { datasets } = api.storage;
    const put = datasets.put.bind(datasets);
    datasets.put = outage;
    const failed = await upload([['a.jpg', bytes]]);
    datasets.put = put;
    expect(failed.status).toBe(503);
    expect(failed.body.error).toMatchObject({ code: 'storage_unavailable' });
    expect(await images()).toEqual([]);
    expect(await uploadFolderFiles()).toEqual([]);
    expect((await upload([['a.jpg', bytes]])).status).toBe(201);
  });

  test('a thumbnail that cannot be stored is made later, and the upload is not held back', async () => {
    const { datasets } = api.storage;
    const put = datasets.put.bind(datasets);
    datasets.put = (key, ...rest) => (key.includes('/thumbnails/') ? outage() : put(key, ...rest));
    const { status, body } = await upload([['a.jpg', await jpeg()]]);
    expect(status).toBe(201);
    const made = new Promise<void>((resolve) => {
      datasets.put = async (key, ...rest) => {
        const result = await put(key, ...rest);
        if (key === thumbnailKey(dataset.id, 'a.jpg')) resolve();
        return result;
      };
    });
    await made;
    datasets.put = put;
    expect(body.items[0]?.path).toBe('a.jpg');
    const { body: thumbnail } = await api.storage.datasets.get(thumbnailKey(dataset.id, 'a.jpg'));
    expect(await sharp(await buffer(thumbnail)).metadata()).toMatchObject({ format: 'jpeg', width: 256 });
  });

  test('an overwrite whose bytes cannot be stored leaves the thumbnail as it was', async () => {
    await upload([['a.jpg', await jpeg(400, 400)]]);
    const { datasets } = api.storage;
    const put = datasets.put.bind(datasets);
    datasets.put = (key, ...rest) => (key.includes('/images/') ? outage() : put(key, ...rest));
    const failed = await upload([['a.jpg', await jpeg(500, 100)]], '?on_duplicate=overwrite');
    datasets.put = put;
    expect(failed.status).toBe(503);
    const { body: thumbnail } = await datasets.get(thumbnailKey(dataset.id, 'a.jpg'));
    expect(await sharp(await buffer(thumbnail)).metadata()).toMatchObject({ width: 256, height: 256 });
  });

  test('an overwrite that was cut off between bytes and row is completed by its job', async () => {
    const first = await upload([['a.jpg', await jpeg(40, 40)]]);
    const image_id = first.body.items[0]?.id as number;
    const bytes = await jpeg(90, 30);
    const { datasets } = api.storage;
    const put = datasets.put.bind(datasets);
    datasets.put = async (...call) => {
      await put(...call);
      throw new StorageUnavailable('The process was killed here.');
    };
    const cut = await upload([['a.jpg', bytes]], '?on_duplicate=overwrite');
    datasets.put = put;
    expect(cut.status).toBe(503);
    const key = imageKey(dataset.id, 'a.jpg');
    expect((await datasets.head(key)).size).toBe(bytes.length);
    expect((await images())[0]).toMatchObject({ width: 40 });
    // What would happen by itself two minutes later.
    await api.db.sql.rows(
      `select graphile_worker.reschedule_jobs(array(select id from graphile_worker.jobs where key like $1), run_at := now())`,
      [`images.settle:${image_id}:%`],
    );
    await api.db.sql.rows(`select pg_notify('jobs:insert', '{"count":1}')`);
    await expect(changed(image_id, 40)).resolves.toMatchObject({ width: 90, height: 30, size_bytes: bytes.length });
  });

  test('an overwrite that comes while that job looks at the bytes is not undone by it', async () => {
    const first = await upload([['a.jpg', await jpeg(40, 40)]]);
    const image_id = first.body.items[0]?.id as number;
    const { datasets } = api.storage;
    const [put, get] = [datasets.put.bind(datasets), datasets.get.bind(datasets)];
    datasets.put = async (...call) => {
      await put(...call);
      throw new StorageUnavailable('The process was killed here.');
    };
    await upload([['a.jpg', await jpeg(90, 30)]], '?on_duplicate=overwrite');
    datasets.put = put;
    const last = await jpeg(25, 50);
    datasets.get = async (...call) => {
      datasets.get = get;
      const found = await get(...call);
      const bytes = await buffer(found.body);
      expect((await upload([['a.jpg', last]], '?on_duplicate=overwrite')).status).toBe(201);
      return { ...found, body: Readable.from([bytes]) };
    };
    const job = api.app.get(JobRegistry).all().find(({ task }) => task.name === 'images.settle'); // prettier-ignore
    await job?.run({ image_id }, { signal: new AbortController().signal, attempt: 1 });
    expect(await images()).toMatchObject([{ id: image_id, width: 25, height: 50, size_bytes: last.length }]);
  });

  async function changed(image_id: number, from: number) {
    for (;;) {
      const image = await api.db.images.get(image_id);
      if (image?.width !== from) return image;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

function uploadFolderFiles(): Promise<string[]> {
  return readdir(api.app.get<string>(UPLOAD_FOLDER, { strict: false }));
}

test('a sender who goes away leaves nothing behind, and may come back', async () => {
  const bytes = await largePng(8);
  const head = Buffer.from(
    '--b\r\ncontent-disposition: form-data; name="file"; filename="a.png"\r\ncontent-type: image/png\r\n\r\n',
  );
  const gone = new Promise<void>((resolve) => {
    const call = httpRequest(`${api.url}/api/v1/datasets/${dataset.id}/images`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.owner.token}`, 'content-type': 'multipart/form-data; boundary=b' },
    });
    call.on('error', () => resolve());
    call.write(head);
    call.write(bytes.subarray(0, 4_000_000), () => call.destroy());
  });
  await gone;
  while ((await uploadFolderFiles()).length > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(await images()).toEqual([]);
  expect((await upload([['a.png', bytes]])).status).toBe(201);
});

test('two connections to the database are enough for many files at once, each of them an overwrite', async () => {
  const pool = { DB_POOL_SIZE: '2', DB_MAX_OVERFLOW: '0', DB_POOL_TIMEOUT: '3' };
  await using small = await createTestApp({ replicas: 1, env: pool });
  const { id } = await small.newDataset();
  const send = async (width: number) => {
    const form = new FormData();
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'])
      form.append('file', new Blob([await jpeg(width, 40)]), name);
    const { status } = await fetch(`${small.url}/api/v1/datasets/${id}/images?on_duplicate=overwrite`, {
      method: 'POST',
      headers: { authorization: `Bearer ${small.owner.token}` },
      body: form,
    });
    return status;
  };
  expect(await send(40)).toBe(201);
  expect(await Promise.all([send(50), send(60)])).toEqual([201, 201]);
});
