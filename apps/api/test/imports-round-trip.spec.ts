import { randomUUID } from 'node:crypto';
import { canonicalGeometryJson, geometryArea, geometryBounds, type Annotation } from '@labelyard/domain';
import { FORMATS, type ExportAnnotation, type ExportSource, type FormatName } from '@labelyard/formats';
import { createTestApp, type TestApp } from './app.factory.js';
import { ImportHands } from './import-desk.js';
import type { ZipPart } from './zip-factory.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

const TASKS = ['detection', 'segmentation', 'classification', 'geometry', 'keypoint', 'captioning'];
const IMAGES = [
  ['plaza.png', 100, 100],
  ['street/dusk view.v2.jpg', 160, 90],
  ['street/거리 & café.jpg', 160, 90],
] as const;

/** Labels of every kind, on images that every format can name. */
async function labeled(): Promise<ImportHands> {
  const hands = new ImportHands(api, await api.newDataset({ name: randomUUID(), task_types: TASKS }));
  await hands.withImages(...IMAGES);
  const { project_id } = hands.dataset;
  const named = async (task_type: string, name: string, more: object = {}) =>
    (
      await api
        .as(api.owner)
        .post(`/api/v1/projects/${project_id}/classes`)
        .send({ task_type, name, ...more })
    ).body.id as number;
  const car = await named('detection', 'car');
  const person = await named('detection', 'person & "runner"');
  const road = await named('segmentation', '길');
  const cat = await named('classification', 'cat');
  const lane = await named('geometry', 'lane');
  const pose = await named('keypoint', 'pose', { keypoints: ['head', 'tail'], skeleton: [[0, 1]] });
  const [first, second] = await hands.images();
  const put = async (
    image: { id: number } | undefined,
    task_type: string,
    class_id: number | null,
    geometry: object,
    attributes = {},
  ) => {
    const body = { project_id, image_id: image?.id, task_type, ...(class_id && { class_id }), geometry, attributes };
    const answer = await api.as(api.owner).post('/api/v1/annotations').send(body);
    if (answer.status !== 201) throw new Error(answer.text);
  };
  await put(
    first,
    'detection',
    car,
    { type: 'bbox', bbox: [10.25, 20.5, 30, 40] },
    { plate: '가-"12"', occluded: false },
  );
  await put(first, 'detection', person, { type: 'bbox', bbox: [0, 0, 100, 100] });
  await put(first, 'detection', car, { type: 'rotated_bbox', center: [50, 40], size: [20, 10], angle: 30 });
  await put(first, 'segmentation', road, {
    type: 'polygon',
    polygons: [
      [
        [
          [10, 10],
          [50, 10],
          [10, 40],
        ],
        [],
      ],
    ],
  });
  await put(second, 'segmentation', road, { type: 'polygon', polygons: [[[[20, 20], [60, 20], [60, 60], [20, 60]], [[[30, 30], [50, 30], [50, 50], [30, 50]]]]] }); // prettier-ignore
  await put(first, 'classification', cat, { type: 'classification' });
  await put(second, 'geometry', lane, { type: 'polyline', points: [[1, 1], [9, 9.5]] }); // prettier-ignore
  await put(second, 'geometry', lane, { type: 'circle', center: [50, 50], radius: 9 });
  await put(second, 'keypoint', pose, { type: 'keypoints', points: [[1, 1, 2], [0, 0, 0]] }); // prettier-ignore
  await put(second, 'captioning', null, { type: 'text', label_type: 'caption', text: 'a "street"\nat dusk', language: 'en' }); // prettier-ignore
  await put(second, 'detection', null, { type: 'no_object' });
  return hands;
}

async function written(hands: ImportHands, format: FormatName, options: object) {
  await using snapshot = await api.db.openExport({ project_id: hands.dataset.project_id });
  const { project, classes } = snapshot;
  // The rows whole, with what only the native format carries.
  const rows = ((await hands.annotations()) as unknown as Annotation[])
    .toSorted((a, b) => a.id - b.id)
    .map(({ geometry, attributes, ...row }): ExportAnnotation => {
      const [bbox_x, bbox_y, bbox_w, bbox_h] = geometryBounds(geometry) ?? [null, null, null, null];
      return {
        ...row,
        geometry: canonicalGeometryJson(geometry),
        attributes: JSON.stringify(attributes),
        area: geometryArea(geometry),
        ...{ bbox_x, bbox_y, bbox_w, bbox_h },
      };
    });
  const source: ExportSource = {
    head: { project, version: null, date: null, task_types: project.task_types, classes },
    images: () => snapshot.images(),
    annotations: async function* (order) {
      yield await Promise.resolve(
        order === 'image' ? rows.toSorted((a, b) => a.image_id - b.image_id || a.id - b.id) : rows,
      );
    },
  };
  const run = FORMATS[format].write(source, options);
  const parts: ZipPart[] = [];
  for await (const { path, chunks } of run.files) {
    const pieces: Buffer[] = [];
    for await (const chunk of chunks) pieces.push(Buffer.from(chunk as Uint8Array));
    parts.push({ path, bytes: Buffer.concat(pieces) });
  }
  const report = run.report();
  return {
    parts,
    dropped: report.dropped.reduce((sum, { count }) => sum + count, 0),
    written: report.counts.annotations,
  };
}

async function content(hands: ImportHands) {
  const paths = new Map((await hands.images()).map(({ id, path }) => [id, path]));
  const names = new Map((await hands.classes()).map(({ id, name }) => [id, name]));
  return (await hands.annotations())
    .map(({ image_id, class_id, task_type, geometry, attributes }) => ({
      image: paths.get(image_id as number),
      name: names.get(class_id as number) ?? null,
      task_type,
      geometry,
      attributes,
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** What each format brings back of the eleven labels; its writer says of the others that they are not in the files. */
const CASES: readonly [FormatName, object][] = [
  ['dice', {}],
  ['csv', {}],
  ['coco', { include: ['instances', 'keypoints', 'captions', 'labels'], outlines_as_polygons: true }],
  ['labelme', {}],
  ['voc', {}],
  ['yolo', { kind: 'detect' }],
  ['yolo', { kind: 'segment' }],
  ['yolo', { kind: 'obb' }],
];

test.each(CASES)('our own %s %j comes back up to the loss its report declares', async (format, options) => {
  const from = await labeled();
  const { parts, written: count } = await written(from, format, options);
  expect(count).toBeGreaterThan(0);
  const to = new ImportHands(api, await api.newDataset({ name: randomUUID(), task_types: TASKS }));
  await to.withImages(...IMAGES);
  const job = await to.apply(await to.zip(parts), { state: 'as_in_file' });
  const errors = (await to.issues(job.id)).filter(({ severity }) => severity === 'error');
  expect({ status: job.status, recognised: job.recognised, errors }).toEqual({
    status: 'completed',
    recognised: format,
    errors: [],
  });
  const [before, after] = [await content(from), await content(to)];
  if (format === 'dice' || format === 'csv') expect(after).toEqual(before);
  else {
    // Boxes are what every format of detection has; polygons without holes what every one of segmentation has.
    const exact = before.filter(({ geometry, task_type }) =>
      KEPT[format]?.(geometry as Shape, task_type as string, options),
    );
    for (const one of exact) {
      const { attributes: _, ...shape } = one;
      expect(after).toContainEqual(expect.objectContaining(format === 'voc' || format === 'yolo' ? { image: shape.image, name: shape.name } : shape)); // prettier-ignore
    }
    expect(exact.length).toBeGreaterThan(0);
  }
  expect(job.result?.annotations).toBe(after.length);
});

interface Shape {
  readonly type: string;
}
const KEPT: Partial<Record<FormatName, (shape: Shape, task_type: string, options: { kind?: string }) => boolean>> = {
  coco: ({ type }) => ['bbox', 'classification', 'keypoints', 'text'].includes(type),
  labelme: ({ type }) => ['bbox', 'polyline', 'circle'].includes(type),
  voc: ({ type }) => type === 'bbox',
  yolo: ({ type }, _task, { kind }) => (kind === 'segment' ? type === 'polygon' : kind === 'obb' ? type === 'rotated_bbox' : type === 'bbox'), // prettier-ignore
};

test('DICE brings state, people and times back where they are asked for', async () => {
  const from = await labeled();
  const reviewer = await api.newMember(from.dataset.project_id, 'reviewer');
  const [row] = await from.annotations();
  const id = Number(row?.['id']);
  await api.as(api.owner).post(`/api/v1/annotations/${id}/confirm`).send({ version: 1 });
  const verified = await api.as(reviewer).post(`/api/v1/annotations/${id}/verify`).send({ version: 2 });
  expect(verified.status).toBe(200);
  const exported = await written(from, 'dice', {});
  const to = new ImportHands(api, await api.newDataset({ name: randomUUID(), task_types: TASKS }));
  await to.withImages(...IMAGES);
  await to.apply(await to.zip(exported.parts), { state: 'as_in_file' });
  const [before] = (await from.annotations()).filter((one) => one['state'] === 'verified');
  const [after] = (await to.annotations()).filter((one) => one['state'] === 'verified');
  const kept = ['created_by', 'created_at', 'updated_at', 'confirmed_by', 'confirmed_at', 'source'] as const;
  expect(Object.fromEntries(kept.map((key) => [key, after?.[key]]))).toEqual(
    Object.fromEntries(kept.map((key) => [key, before?.[key]])),
  );
});
