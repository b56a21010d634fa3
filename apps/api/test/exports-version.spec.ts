import { createHash } from 'node:crypto';
import { EXPORT_FORMATS, type ExportJob, type Version } from '@labelyard/contract';
import { canonicalGeometryJson, geometryArea, geometryBounds, type Geometry } from '@labelyard/domain';
import { createTestApp, type TestApp } from './app.factory.js';
import { jpeg } from './picture-factory.js';

const TASKS = ['detection', 'segmentation', 'keypoint'] as const;
const SHAPES: Geometry[] = [
  { type: 'bbox', bbox: [1.25, 2.5, 30.1, 7] },
  { type: 'polygon', polygons: [[[[1, 1], [50.3, 2], [20, 60.7]], [[[8, 6], [12, 6], [12, 9]]]]] }, // prettier-ignore
  { type: 'keypoints', points: [[5.5, 6, 2], [0, 0, 0]] }, // prettier-ignore
];

let api: TestApp;
let project_id: number;
let dataset_id: number;
let images: number[];
let classes: number[];
let version: Version;

beforeAll(async () => {
  api = await createTestApp();
  ({ id: dataset_id, project_id } = await api.newDataset({ name: 'Zählung', task_types: TASKS }));
  let form = api.as(api.owner).post(`/api/v1/datasets/${dataset_id}/images`);
  for (let n = 0; n < 6; n += 1) form = form.attach('files', await jpeg(100 + n, 80), `Bild ${n}.jpg`);
  images = ((await form).body.items as { id: number }[]).map(({ id }) => id);
  const made = await Promise.all(
    TASKS.map((task_type) =>
      api.db.classes.create(project_id, {
        task_type,
        name: task_type,
        ...(task_type === 'keypoint' && { keypoints: ['a', 'b'] }),
      }),
    ),
  );
  classes = made.map(({ id }) => id);
  for (const [n, image_id] of images.entries()) {
    // The fifth image is without labels, the last one's are drafts.
    if (n < 4) await label(image_id, 'confirmed');
    if (n === 5) await label(image_id, 'draft');
  }
  const answer = await api.as(api.owner).post(`/api/v1/projects/${project_id}/versions`).send({ shares: { train: 1, val: 1, test: 1 } }); // prettier-ignore
  expect(answer.status).toBe(202);
  for (version = answer.body; version.status !== 'published';)
    version = (await api.as(api.owner).get(`/api/v1/versions/${version.id}`)).body;
});
afterAll(() => api.close());

async function label(image_id: number, state: 'draft' | 'confirmed'): Promise<void> {
  for (const [n, geometry] of SHAPES.entries()) {
    const [x, y, w, h] = geometryBounds(geometry) ?? [];
    await api.db.sql.run(
      `insert into annotations (project_id, image_id, class_id, task_type, annotation_type, bbox_x, bbox_y, bbox_w, bbox_h, area,
          created_by, updated_by, geometry, attributes, state)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12::json, '{"z":1,"a":"ü"}', $13)`,
      [project_id, image_id, classes[n], TASKS[n], geometry.type, x, y, w, h, geometryArea(geometry), api.owner.id, canonicalGeometryJson(geometry), state], // prettier-ignore
    );
  }
}

const ask = (body: object, path = '') =>
  api
    .as(api.owner)
    .post(`/api/v1/export${path}`)
    .send({ project_id, ...body });
async function exported(body: object): Promise<ExportJob> {
  let job = (await ask(body)).body as ExportJob;
  // The request waits a while only, and all of them are made at once.
  while (job.status === 'queued' || job.status === 'running')
    job = (await api.as(api.owner).get(`/api/v1/exports/${job.id}`)).body as ExportJob;
  expect(job).toMatchObject({ status: 'completed' });
  return job;
}
const preview = async (body: object) => (await ask(body, 's/preview')).body;

/** Everything that may be asked of it: formats, then what is chosen from it. */
const QUESTIONS: object[] = [
  ...EXPORT_FORMATS.map((format) => ({ format })),
  { format: 'yolo', include_images: true, options: { kind: 'segment' } },
  { format: 'dice', split: ['val', 'test'] },
  { format: 'coco', task_type: 'segmentation', images: 'annotated' },
  { format: 'csv', state: 'confirmed', split_shares: { train: 1, val: 0, test: 0 } },
];

test('holds what was published, and the same bytes whatever became of the project', async () => {
  const questions = [...QUESTIONS, { format: 'coco', class_id: classes[0] }].map((one) => ({ ...one, version_id: version.id })); // prettier-ignore
  const look = async () => ({
    classes: (await api.as(api.owner).get(`/api/v1/versions/${version.id}/classes`)).body.items,
    exports: await Promise.all(questions.map(async (one) => {
      const { sha256, report, options } = await exported(one);
      return { sha256, report, options };
    })),
    previews: await Promise.all(questions.map(async (one) => ({ ...(await preview(one)), file_name: '' }))),
  }); // prettier-ignore
  const before = await look();
  expect(before.classes.map(({ id, name }: { id: number; name: string }) => [id, name])).toEqual(classes.map((id, n) => [id, TASKS[n]]).sort(([, a], [, b]) => (String(a) < String(b) ? -1 : 1))); // prettier-ignore
  expect(before.exports.map(({ report }) => report?.counts.annotations)).toEqual([8, 4, 8, 12, 12, 8, 12, 12, 4, expect.any(Number), 4, 12, 4]); // prettier-ignore
  // With the version's own shares it is the version's own file.
  expect(before.exports[EXPORT_FORMATS.indexOf('dice')]?.sha256).toBe(version.sha256);
  for (const [n, { annotations, images: found }] of before.previews.entries()) {
    if (!('split' in questions[n]!)) expect(found).toBe(before.exports[n]?.report?.counts.images);
    expect(annotations).toBeGreaterThanOrEqual(before.exports[n]?.report?.counts.annotations ?? Infinity);
  }

  // Shapes change and go, an image goes with its labels, classes are renamed, swapped and deleted, and so on.
  const { sql } = api.db;
  const url = (image_id: number, rest: string) => `/api/v1/projects/${project_id}/images/${image_id}/${rest}`;
  const [first, second, third, fourth] = images as [number, number, number, number];
  const operate = async (image_id: number, change: object) => {
    const { items } = (await api.as(api.owner).get(url(image_id, 'annotations'))).body;
    const operations = items.map(({ id, version: of }: { id: number; version: number }) => ({
      ...{ op_id: crypto.randomUUID(), annotation_id: id, version: of },
      ...change,
    }));
    const { results } = (await api.as(api.owner).post(url(image_id, 'operations')).send({ operations })).body;
    expect(results.map(({ status }: { status: string }) => status)).toEqual(items.map(() => 'applied'));
  };
  await operate(first, { op: 'update', attributes: { z: 2 } });
  await operate(first, { op: 'update', confidence: 0.5 });
  await operate(second, { op: 'delete' });
  await api.as(api.owner).post(`/api/v1/projects/${project_id}/images/delete`).send({ image_ids: [third] }).expect(200); // prettier-ignore
  await operate(fourth, { op: 'delete' });
  await api
    .as(api.owner)
    .post(`/api/v1/datasets/${dataset_id}/images`)
    .attach('files', await jpeg(9, 9), 'new.jpg');
  for (const image_id of [first, images[5]!]) await operate(image_id, { op: 'delete' });
  await api.db.classes.delete(project_id, classes[1]!);
  await api.db.classes.create(project_id, { task_type: 'detection', name: 'another' });
  await sql.run(`update classes set name = 'Umbenannt', position = 7, color = '#123456' where id = $1`, [classes[0]]);
  await sql.run(`update annotation_projects set name = 'Anders', settings = '{}', task_types = '{detection}' where id = $1`, [project_id]); // prettier-ignore
  expect((await exported({ format: 'coco' })).report?.counts.annotations).toBe(0);
  const after = await look();
  expect(after).toEqual(before);

  const again = await exported({ format: 'coco', version_id: version.id });
  const repeated = (await api.as(api.owner).post(`/api/v1/exports/${again.id}/repeat`)).body as ExportJob;
  expect(repeated).toMatchObject({ status: 'completed', sha256: again.sha256, options: { version_id: version.id } });
  const file = Buffer.from(await (await fetch(repeated.download_url ?? '')).arrayBuffer());
  expect(createHash('sha256').update(file).digest('hex')).toBe(again.sha256);
  expect(JSON.parse(file.toString()).info).toMatchObject({ description: 'Zählung', version: 'v1' });
});

test('refuses versions that are not there, or not of the project, and classes that are not in it', async () => {
  const other = await api.newDataset({ task_types: ['detection'] });
  const refused = async (body: object) => {
    const { status, body: answer } = await ask({ format: 'coco', ...body });
    expect((await ask({ format: 'coco', ...body }, 's/preview')).status).toBe(status);
    return [
      status,
      answer.error.details?.map?.(({ path, code }: { path: string; code: string }) => `${path}: ${code}`),
    ];
  };
  expect(await refused({ version_id: 999_999 })).toEqual([422, ['version_id: not_of_project']]);
  expect(await refused({ version_id: version.id, project_id: other.project_id })).toEqual([422, ['version_id: not_of_project']]); // prettier-ignore
  expect(await refused({ version_id: version.id, class_id: 999_999 })).toEqual([422, ['class_id: not_of_project']]);
  expect(await refused({ version_id: version.id, task_type: 'captioning' })).toMatchObject([422, [expect.stringContaining('task_type')]]); // prettier-ignore
  expect((await refused({ version_id: 'latest' }))[0]).toBe(422);
});

test('says why when its content is gone', async () => {
  const made = await exported({ format: 'csv', version_id: version.id });
  await api.as(api.owner).delete(`/api/v1/versions/${version.id}`);
  const repeated = (await api.as(api.owner).post(`/api/v1/exports/${made.id}/repeat`)).body as ExportJob;
  expect(repeated).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('not published any more') } }); // prettier-ignore
  expect((await ask({ format: 'csv', version_id: version.id })).body.error.details[0]).toMatchObject({ code: 'not_published' }); // prettier-ignore
});
