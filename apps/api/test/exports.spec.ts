import { createHash, randomUUID } from 'node:crypto';
import type { ExportJob } from '@labelyard/contract';
import { checkCoco } from '@labelyard/formats';
import { StorageUnavailable } from '@labelyard/storage';
import { enqueue } from '../src/jobs/task.js';
import { ProjectEvents } from '../src/events/project-events.js';
import { CleanExportsJob } from '../src/exports/clean-exports-job.js';
import { RUN_EXPORT } from '../src/exports/export-job.js';
import { createLog } from '../src/http/log.js';
import { createServer } from '../src/http/server.js';
import type { TestApp } from './app.factory.js';
import { describeEachStorage } from './each-storage.js';
import { jpeg } from './picture-factory.js';
import { storedKeys } from './stored-keys.js';

interface CocoFile {
  images: { id: number; file_name: string; width: number; height: number }[];
  categories: { id: number; name: string }[];
  annotations: { id: number; image_id: number; category_id: number; bbox: number[]; segmentation: number[][] }[];
}

describeEachStorage('exports', (start) => {
  let api: TestApp;
  let pictures: [path: string, bytes: Buffer][];
  let project_id: number;
  let image_ids: number[];
  let classes: { car: number; road: number; cat: number };
  beforeAll(async () => {
    // One process: tests make its storage fail and start it anew.
    api = await start({ replicas: 1 });
    pictures = [
      ['a.jpg', await jpeg(320, 200)],
      ['b/거리.jpg', await jpeg(200, 320)],
      ['empty.jpg', await jpeg(50, 50)],
    ];
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    const dataset = await api.newDataset({ name: `Straße ${randomUUID()}` });
    project_id = dataset.project_id;
    const upload = await api
      .as(api.owner)
      .post(`/api/v1/datasets/${dataset.id}/uploads`)
      .send({ files: pictures.map(([path, { length: size }]) => ({ path, size, content_type: 'image/jpeg' })) });
    await Promise.all(
      pictures.map(([, body], n) =>
        fetch(upload.body.files[n].put_url as string, {
          method: 'PUT',
          headers: { 'content-type': 'image/jpeg' },
          body: body as Uint8Array<ArrayBuffer>,
        }),
      ),
    );
    image_ids = [];
    // One after the other, so that their ids are in this order.
    for (const [path] of pictures) {
      const done = await api
        .as(api.owner)
        .post(`/api/v1/uploads/${upload.body.id}/complete`)
        .send({ paths: [path] });
      image_ids.push(done.body.items[0].id as number);
    }
    const named = async (task_type: string, name: string) =>
      (await api.as(api.owner).post(`/api/v1/projects/${project_id}/classes`).send({ task_type, name })).body
        .id as number;
    classes = {
      car: await named('detection', 'car "red"'),
      road: await named('segmentation', 'road'),
      cat: await named('classification', 'cat'),
    };
  });

  const operate = async (image_id: number | undefined, operations: object[]) => {
    const { status, body } = await api
      .as(api.owner)
      .post(`/api/v1/projects/${project_id}/images/${image_id}/operations`)
      .send({ operations: operations.map((one) => ({ op_id: randomUUID(), ...one })) });
    expect({
      status,
      refused: body.results.filter((result: { status: string }) => result.status !== 'applied'),
    }).toEqual({
      status: 200,
      refused: [],
    });
    return body.results as { annotation: { id: number; version: number } }[];
  };
  const box = (n = 0) => ({
    op: 'create',
    task_type: 'detection',
    class_id: classes.car,
    geometry: { type: 'bbox', bbox: [10.25 + n, 20.5, 30.125, 40] },
    attributes: { n },
  });
  const polygon = () => ({
    op: 'create',
    task_type: 'segmentation',
    class_id: classes.road,
    geometry: {
      type: 'polygon',
      polygons: [
        [
          [
            [1, 1],
            [50.5, 1],
            [50.5, 60],
            [1, 60],
          ],
          [],
        ],
        [
          [
            [70, 70],
            [90, 70],
            [80, 99],
          ],
          [],
        ],
      ],
    },
  });
  const holed = () => ({
    op: 'create',
    task_type: 'segmentation',
    class_id: classes.road,
    geometry: {
      type: 'polygon',
      polygons: [
        [
          [
            [1, 1],
            [40, 1],
            [40, 40],
            [1, 40],
          ],
          [
            [
              [10, 10],
              [20, 10],
              [20, 20],
              [10, 20],
            ],
          ],
        ],
      ],
    },
  });
  const tag = () => ({
    op: 'create',
    task_type: 'classification',
    class_id: classes.cat,
    geometry: { type: 'classification' },
  });

  async function ask(values: object = {}, headers: Record<string, string> = {}) {
    const answer = await api
      .as(api.owner)
      .post('/api/v1/export')
      .set(headers)
      .send({ project_id, format: 'coco', ...values });
    return { status: answer.status, body: answer.body as ExportJob, headers: answer.headers as Record<string, string> };
  }
  const get = async (id: number) => (await api.as(api.owner).get(`/api/v1/exports/${id}`)).body as ExportJob;
  async function finished(id: number): Promise<ExportJob> {
    for (;;) {
      const job = await get(id);
      if (job.status !== 'queued' && job.status !== 'running') return job;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  async function download({ download_url }: ExportJob): Promise<{ bytes: Buffer; file: CocoFile }> {
    const answer = await fetch(download_url ?? 'no link');
    expect(answer.status).toBe(200);
    const bytes = Buffer.from(await answer.arrayBuffer());
    return { bytes, file: JSON.parse(bytes.toString('utf8')) as CocoFile };
  }

  test('a small project: answered with its link, sound by every COCO rule, number by number', async () => {
    await operate(image_ids[0], [box(), polygon(), holed(), tag()]);
    await operate(image_ids[1], [box(5)]);
    const { status, body } = await ask();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'completed',
      progress: 1,
      project_id,
      format: 'coco',
      error: null,
      created_by: api.owner.id,
    });
    const day = body.created_at.slice(0, 10).replaceAll('-', '');
    expect(body.key).toBe(`${project_id}/exports/${day}-${body.id}/coco_${day}.json`);
    const { bytes, file } = await download(body);
    expect({ size_bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }).toEqual({
      size_bytes: body.size_bytes,
      sha256: body.sha256,
    });
    expect(checkCoco(file)).toEqual([]);
    expect(file.images).toEqual([
      { id: image_ids[0], file_name: 'a.jpg', width: 320, height: 200 },
      { id: image_ids[1], file_name: 'b/거리.jpg', width: 200, height: 320 },
      { id: image_ids[2], file_name: 'empty.jpg', width: 50, height: 50 },
    ]);
    expect(file.categories.map(({ name }) => name)).toEqual(['car "red"', 'road']);
    expect(file.annotations).toHaveLength(4);
    expect(file.annotations[0]).toMatchObject({
      image_id: image_ids[0],
      bbox: [10.25, 20.5, 30.125, 40],
      segmentation: [[10.25, 20.5, 40.375, 20.5, 40.375, 60.5, 10.25, 60.5]],
      area: 1205,
      iscrowd: 0,
      attributes: { n: 0 },
    });
    expect(file.annotations[1]?.segmentation).toEqual([
      [1, 1, 50.5, 1, 50.5, 60, 1, 60],
      [70, 70, 90, 70, 80, 99],
    ]);
    expect(body.report).toMatchObject({
      format: 'coco',
      counts: { images: 3, annotations: 4 },
      dropped: [{ code: 'classification', count: 1 }],
      converted: [{ code: 'polygon_holes', count: 1 }],
    });
  });

  test('the same state twice gives the same bytes under two keys', async () => {
    await operate(image_ids[0], [box(), polygon()]);
    const [first, second] = [await ask(), await ask()];
    expect(second.body.sha256).toBe(first.body.sha256);
    expect(second.body.key).not.toBe(first.body.key);
    await operate(image_ids[0], [box(1)]);
    expect((await ask()).body.sha256).not.toBe(first.body.sha256);
  });

  test('an empty project is a sound file as well', async () => {
    const { file } = await download((await ask()).body);
    expect(checkCoco(file)).toEqual([]);
    expect([file.images.length, file.annotations.length]).toEqual([3, 0]);
  });

  test('by task type and state', async () => {
    const [first] = await operate(image_ids[0], [box(), box(1), polygon()]);
    await api.as(api.owner).post(`/api/v1/annotations/${first?.annotation.id}/confirm`).send({ version: 1 });
    const count = async (values: object) => (await download((await ask(values)).body)).file.annotations.length;
    expect(await count({ task_type: 'segmentation' })).toBe(1);
    expect(await count({ state: 'confirmed' })).toBe(1);
    expect(await count({ state: ['draft', 'confirmed'], task_type: 'detection' })).toBe(2);
    expect(await count({ state: 'verified' })).toBe(0);
  });

  test('whoever does not want to wait gets the job, and looks later', async () => {
    await operate(image_ids[0], [box()]);
    const { status, body, headers } = await ask({}, { prefer: 'respond-async, wait=0' });
    expect([status, headers['preference-applied']]).toEqual([202, 'wait=0']);
    expect(['queued', 'running']).toContain(body.status);
    expect(body.download_url).toBeNull();
    const done = await finished(body.id);
    expect(done).toMatchObject({ status: 'completed', progress: 1 });
    expect((await download(done)).file.annotations).toHaveLength(1);
  });

  test('a repeated request with an Idempotency-Key makes one export', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const first = await ask({}, key);
    const again = await ask({}, key);
    expect(again.body.id).toBe(first.body.id);
    const list = await api.as(api.owner).get(`/api/v1/exports?project_id=${project_id}`);
    expect(list.body.items.map(({ id }: ExportJob) => id)).toEqual([first.body.id]);
  });

  test('listed newest first, page by page, each with a fresh link', async () => {
    const ids = [];
    for (let n = 0; n < 3; n++) ids.unshift((await ask()).body.id);
    const first = await api.as(api.owner).get(`/api/v1/exports?project_id=${project_id}&limit=2`);
    const second = await api
      .as(api.owner)
      .get(`/api/v1/exports?project_id=${project_id}&limit=2&cursor=${first.body.next_cursor}`);
    expect([...first.body.items, ...second.body.items].map(({ id }: ExportJob) => id)).toEqual(ids);
    await download(second.body.items[0] as ExportJob);
  });

  test('while people work: one consistent state, not a mixture', async () => {
    // Each transaction replaces a pair: at any moment both images hold the same number, never more, never less.
    let pair = await operate(
      image_ids[0],
      Array.from({ length: 40 }, (_, n) => box(n)),
    );
    let working = true;
    const editing = (async () => {
      while (working) {
        const doomed = pair.map(({ annotation: { id, version } }) => ({ op: 'delete', annotation_id: id, version }));
        const results = await operate(image_ids[0], [...doomed, ...Array.from({ length: 40 }, (_, n) => box(n))]);
        pair = results.slice(40);
      }
    })();
    const exports = [];
    for (let n = 0; n < 5; n++) exports.push((await ask()).body);
    working = false;
    await editing;
    for (const job of exports) {
      const { file } = await download(job);
      expect(file.annotations).toHaveLength(40);
      expect(file.annotations.map(({ bbox }) => bbox[0])).toEqual(Array.from({ length: 40 }, (_, n) => 10.25 + n));
      expect(job.report?.counts.annotations).toBe(40);
    }
  });

  test('roles: reviewers export, viewers read, strangers learn nothing', async () => {
    const { body } = await ask();
    const annotator = await api.newMember(project_id, 'annotator');
    const reviewer = await api.newMember(project_id, 'reviewer');
    for (const [person, create, read] of [
      [annotator, 403, 200],
      [reviewer, 200, 200],
      [api.stranger, 404, 404],
    ] as const) {
      expect((await api.as(person).post('/api/v1/export').send({ project_id, format: 'coco' })).status).toBe(create);
      expect((await api.as(person).get(`/api/v1/exports/${body.id}`)).status).toBe(read);
      expect((await api.as(person).get(`/api/v1/exports?project_id=${project_id}`)).status).toBe(read);
    }
  });

  test('what is no export is refused with the field', async () => {
    for (const [values, field] of [
      [{ format: 'tiff' }, 'format'],
      [{ task_type: 'painting' }, 'task_type'],
      [{ state: [] }, 'state'],
      [{ options: { colour: true } }, 'options.colour'],
      [{ options: { colour: 1 } }, 'options.colour'],
    ] as const) {
      const { status, body } = await ask(values);
      const { error } = body as unknown as { error: { details: { path: string }[] } };
      expect([status, error.details[0]?.path]).toEqual([422, field]);
    }
  });

  describe('stopping, deleting, repeating', () => {
    /** An export whose worker waits in the storage until `go` is called, or it is told to stop. */
    async function held(): Promise<{ id: number; begun: Promise<void>; go: () => void; restore: () => void }> {
      const { annotations } = api.storage;
      const put = annotations.put.bind(annotations);
      let go = () => undefined as void;
      const gate = new Promise<void>((resolve) => (go = resolve));
      let seen = () => undefined as void;
      const begun = new Promise<void>((resolve) => (seen = resolve));
      annotations.put = async (...call) => {
        seen();
        await gate;
        return put(...call);
      };
      const { body } = await ask({}, { prefer: 'wait=0' });
      return { id: body.id, begun, go, restore: () => (annotations.put = put) };
    }
    const act = (method: 'post' | 'delete', path: string, person = api.owner) =>
      api.as(person)[method](`/api/v1/exports/${path}`);
    const objects = () => storedKeys(api.storage.annotations, `${project_id}/exports/`);

    test('cancelled while it is written: the file is gone as soon as the worker is done', async () => {
      const { id, begun, go, restore } = await held();
      await begun;
      const cancelled = await act('post', `${id}/cancel`);
      expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
      expect((await act('post', `${id}/cancel`)).body.error.code).toBe('closed');
      go();
      restore();
      const cleaning = new CleanExportsJob(api.db, api.storage.annotations, api.app.get(ProjectEvents));
      await until(async () => {
        await cleaning.run({}, { signal: new AbortController().signal });
        return (await api.db.sql.one('select from exports where id = $1 and cleaned_at is not null', [id])) !== null;
      });
      expect(await objects()).toEqual([]);
      expect(await get(id)).toMatchObject({ status: 'cancelled', key: null, download_url: null });
    });

    test('cancelled before its turn: never begun', async () => {
      const row = await api.db.exports.create({ project_id, format: 'coco', options: {}, created_by: api.owner.id });
      expect((await act('post', `${row.id}/cancel`)).body.status).toBe('cancelled');
      await api.db.transaction((tx) => enqueue(tx.sql, RUN_EXPORT, { export_id: row.id }));
      await until(async () => (await queued(`exports.run:${row.id}`)) === 0);
      expect((await get(row.id)).status).toBe('cancelled');
    });

    test('deleted: gone from the list at once, then from the storage', async () => {
      const { body } = await ask();
      expect(await objects()).toEqual([body.key]);
      expect((await act('delete', `${body.id}`)).status).toBe(204);
      expect((await act('delete', `${body.id}`)).status).toBe(404);
      expect((await api.as(api.owner).get(`/api/v1/exports?project_id=${project_id}`)).body.items).toEqual([]);
      const cleaning = new CleanExportsJob(api.db, api.storage.annotations, api.app.get(ProjectEvents));
      await until(async () => {
        await cleaning.run({}, { signal: new AbortController().signal });
        return (await api.db.sql.one('select from exports where id = $1', [body.id])) === null;
      });
      expect(await objects()).toEqual([]);
    });

    test('under way: to be cancelled, not deleted', async () => {
      const { id, begun, go, restore } = await held();
      await begun;
      expect((await act('delete', `${id}`)).body.error.code).toBe('in_use');
      go();
      restore();
      await finished(id);
    });

    test('expired when its time is over: the file goes, the report stays, and it can be made again', async () => {
      await operate(image_ids[0], [box()]);
      const { body } = await ask();
      const days = (Date.parse(body.expires_at ?? '') - Date.parse(body.finished_at ?? '')) / 86_400_000;
      expect(days).toBeCloseTo(30, 2);
      await api.db.sql.run(`update exports set expires_at = now() - interval '1 second' where id = $1`, [body.id]);
      const cleaning = new CleanExportsJob(api.db, api.storage.annotations, api.app.get(ProjectEvents));
      await until(async () => {
        await cleaning.run({}, { signal: new AbortController().signal });
        return (await objects()).length === 0;
      });
      expect(await get(body.id)).toMatchObject({
        status: 'expired',
        key: null,
        download_url: null,
        report: body.report,
      });
      const again = await act('post', `${body.id}/repeat`);
      expect([again.status, again.body.status, again.body.sha256]).toEqual([200, 'completed', body.sha256]);
      expect(again.body.id).not.toBe(body.id);
      await download(again.body as ExportJob);
    });

    test('reviewers stop and delete their own, admins any', async () => {
      const reviewer = await api.newMember(project_id, 'reviewer');
      const admin = await api.newMember(project_id, 'admin');
      const mine = (await ask()).body.id;
      const theirs = (await api.as(reviewer).post('/api/v1/export').send({ project_id, format: 'coco' })).body
        .id as number;
      expect((await act('delete', `${mine}`, reviewer)).status).toBe(403);
      expect((await act('post', `${mine}/cancel`, reviewer)).status).toBe(403);
      expect((await act('delete', `${theirs}`, reviewer)).status).toBe(204);
      expect((await act('delete', `${mine}`, admin)).status).toBe(204);
    });

    const queued = async (key: string) =>
      (await api.db.sql.rows('select from graphile_worker.jobs where key = $1', [key])).length;
    async function until(isTrue: () => Promise<boolean>): Promise<void> {
      while (!(await isTrue())) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  describe('when things fail', () => {
    test('the storage away for a moment: tried again, then done', async () => {
      await operate(image_ids[0], [box()]);
      const { annotations } = api.storage;
      const put = annotations.put.bind(annotations);
      let refused = 0;
      annotations.put = (...call) => {
        if (refused++ > 0) return put(...call);
        return Promise.reject(new StorageUnavailable('The storage does not answer.'));
      };
      const { body } = await ask({}, { prefer: 'wait=0' });
      await api.runNow(`exports.run:${body.id}`);
      expect((await finished(body.id)).status).toBe('completed');
      annotations.put = put;
      expect(refused).toBe(2);
    });

    test('given up: failed, with words for people', async () => {
      const row = await api.db.exports.create({ project_id, format: 'coco', options: {}, created_by: api.owner.id });
      await api.db.transaction(async (tx) => {
        await enqueue(tx.sql, RUN_EXPORT, { export_id: row.id });
        await tx.sql.run(
          `update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'the disk is full' where key = $1`,
          [`exports.run:${row.id}`],
        );
      });
      const failed = await finished(row.id);
      expect(failed).toMatchObject({ status: 'failed', download_url: null, report: null });
      expect(failed.error?.message).toContain('the disk is full');
    });

    test('an export that runs when the API stops goes on after the next start', async () => {
      await operate(image_ids[0], [box()]);
      const { annotations } = api.storage;
      const begun = new Promise<void>((resolve) => {
        annotations.put = (_key, _body, { signal }) => {
          resolve();
          return new Promise((_done, reject) => {
            signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
          });
        };
      });
      const { body } = await ask({}, { prefer: 'wait=0' });
      await begun;
      await api.app.close();
      const restarted = await createServer(api.env, createLog(api.env));
      await restarted.listen({ port: Number(new URL(api.url).port), host: '127.0.0.1' });
      try {
        const done = await finished(body.id);
        expect(done.status).toBe('completed');
        expect((await download(done)).file.annotations).toHaveLength(1);
      } finally {
        await restarted.close();
      }
    });
  });
});
