import { randomUUID } from 'node:crypto';
import type { ExportJob } from '@labelyard/contract';
import { createTestApp, type TestApp } from './app.factory.js';
import { ImportHands } from './import-desk.js';
import { jpeg } from './picture-factory.js';

let api: TestApp;
beforeAll(async () => {
  api = await createTestApp();
});
afterAll(() => api.close());

/** Pictures whose names are the same but for folders that formats use themselves. */
const PATHS = ['train/a.jpg', 'val/a.jpg', 'train/images/b.jpg', 'x/images/b.jpg'] as const;

async function newHands(): Promise<ImportHands> {
  return new ImportHands(api, await api.newDataset({ name: randomUUID(), task_types: ['detection'] }));
}

/** A dataset with one box on each picture, all of another width; two classes of three have labels. */
async function labeled(): Promise<ImportHands> {
  const hands = await newHands();
  const images = PATHS.map((file_name, n) => ({ id: n + 1, file_name, width: 40 + n, height: 30 }));
  const coco = {
    images,
    categories: ['zero', 'one', 'two'].map((name, id) => ({ id, name })),
    annotations: images.map(({ id }) => ({ id, image_id: id, category_id: id % 2 ? 2 : 0, bbox: [id, 2, 10, 10] })),
  };
  const pictures = await Promise.all(
    images.map(async ({ file_name, width }) => ({ path: `images/${file_name}`, bytes: await jpeg(width, 30) })),
  );
  const job = await hands.apply(
    await hands.zip([{ path: 'instances.json', bytes: JSON.stringify(coco) }, ...pictures]),
  );
  expect({ status: job.status, error: job.error }).toEqual({ status: 'completed', error: null });
  return hands;
}

async function exported({ dataset }: ImportHands, format: string): Promise<Buffer> {
  const { project_id } = dataset;
  const asked = await api.as(api.owner).post('/api/v1/export').send({ project_id, format, include_images: true });
  if (asked.status >= 300) throw new Error(asked.text);
  for (;;) {
    const { body } = await api.as(api.owner).get(`/api/v1/exports/${asked.body.id as number}`);
    const { status, download_url, error } = body as ExportJob;
    if (status === 'failed') throw new Error(JSON.stringify(error));
    if (download_url) return Buffer.from(await (await fetch(download_url)).arrayBuffer());
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function content(hands: ImportHands) {
  const images = new Map((await hands.images()).map(({ id, path, width }) => [id, `${path} ${width}`]));
  const names = new Map((await hands.classes()).map(({ id, name }) => [id, name]));
  return (await hands.annotations())
    .map(({ image_id, class_id, geometry }) => [
      images.get(image_id as number),
      names.get(class_id as number),
      geometry,
    ])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

test('pictures of equal names, and classes without labels, come back in a new dataset', async () => {
  const from = await labeled();
  const before = await content(from);
  expect(before.map(([image]) => image)).toEqual(['train/a.jpg 40', 'train/images/b.jpg 42', 'val/a.jpg 41', 'x/images/b.jpg 43']); // prettier-ignore
  const all = (await from.classes()).map(({ name }) => name);
  expect(all).toEqual(['zero', 'one', 'two']);
  for (const format of ['dice', 'coco', 'yolo', 'pascal_voc', 'cvat', 'label_studio', 'labelme', 'csv']) {
    const to = await newHands();
    const job = await to.apply(await to.upload([{ path: 'all.zip', bytes: await exported(from, format) }]));
    const problems = (await to.issues(job.id)).map(({ code, file, message }) => [code, file, message]);
    expect({ format, status: job.status, error: job.error, problems }).toEqual({ format, status: 'completed', error: null, problems: [] }); // prettier-ignore
    // A folder called images would be one of labels to trainers; the export's report says that it got another name.
    const named = format === 'yolo' ? before.map(([image, ...rest]) => [String(image).replace('/images/', '/images_/'), ...rest]) : before; // prettier-ignore
    const rounded = (rows: unknown[]) => JSON.parse(JSON.stringify(rows, (_key, value: unknown) => typeof value === 'number' ? Math.round(value * 100) / 100 : value)) as unknown; // prettier-ignore
    expect([format, rounded(await content(to))]).toEqual([format, rounded(named)]);
    // These have no list of classes.
    if (!['csv', 'labelme', 'pascal_voc'].includes(format)) expect([format, (await to.classes()).map(({ name }) => name)]).toEqual([format, all]); // prettier-ignore
  }
});

test('a second archive with another picture of the same name does not put its labels on the first one', async () => {
  const hands = await newHands();
  const archive = async (split: string, width: number) =>
    hands.zip([
      { path: 'data.yaml', bytes: 'names: [x]\n' },
      { path: `labels/${split}/1.txt`, bytes: '0 0.5 0.5 0.2 0.2\n' },
      { path: `images/${split}/1.jpg`, bytes: await jpeg(width, 30) },
    ]);
  await hands.apply(await archive('train', 40));
  await hands.apply(await archive('val', 50));
  expect((await hands.images()).map(({ path, width, annotation_count }) => [path, width, annotation_count])).toEqual([
    ['1.jpg', 40, 1],
    ['val/1.jpg', 50, 1],
  ]);
});
