import { randomUUID } from 'node:crypto';
import { EXPORT_FORMATS, type ExportJob, type ExportPreview } from '@labelyard/contract';
import { FORMAT_NAMES } from '@labelyard/formats';
import sharp from 'sharp';
import type { TestApp } from './app.factory.js';
import { describeEachStorage } from './each-storage.js';
import { jpeg } from './picture-factory.js';
import { unzipped } from './unzipped.js';

const TASKS = ['detection', 'segmentation', 'classification', 'keypoint', 'captioning', 'geometry'];

describeEachStorage('exports in every format', (start) => {
  let api: TestApp;
  let dataset: { id: number; project_id: number };
  let images: { id: number; path: string }[];
  const classes: Record<string, number> = {};
  beforeAll(async () => {
    api = await start();
    dataset = await api.newDataset({ name: 'Everything', task_types: TASKS });
    for (const [task_type, name] of [
      ['detection', 'car'],
      ['detection', 'bus & tram'],
      ['segmentation', 'road'],
      ['classification', 'day'],
      ['keypoint', 'person'],
      ['geometry', 'lane'],
    ] as const) {
      const values = { task_type, name, ...(task_type === 'keypoint' && { keypoints: ['head', 'foot'] }) };
      classes[name] = (
        await api.as(api.owner).post(`/api/v1/projects/${dataset.project_id}/classes`).send(values)
      ).body.id;
    }
    let form = api.as(api.owner).post(`/api/v1/datasets/${dataset.id}/images`);
    for (let n = 0; n < 8; n++) form = form.attach('files', await jpeg(64 + n, 48), `거리 ${n}.jpg`);
    form = form.attach(
      'files',
      await sharp(await jpeg(40, 40))
        .png()
        .toBuffer(),
      'sign.png',
    );
    const uploaded = await form;
    images = uploaded.body.items.sort((a: { id: number }, b: { id: number }) => a.id - b.id);
    expect(images).toHaveLength(9);
    const shapes = (n: number) => [
      { task_type: 'detection', class_id: classes['car'], geometry: { type: 'bbox', bbox: [2 + n, 3, 20.5, 10] } },
      {
        task_type: 'detection',
        class_id: classes['bus & tram'],
        geometry: { type: 'rotated_bbox', center: [30, 20], size: [12, 8], angle: 30 },
      },
      {
        task_type: 'segmentation',
        class_id: classes['road'],
        geometry: { type: 'polygon', polygons: [[[[1, 1], [30, 1], [30, 30 - n], [1, 30]], [[[5, 5], [9, 5], [9, 9]]]]] }, // prettier-ignore
      },
      { task_type: 'classification', class_id: classes['day'], geometry: { type: 'classification' } },
      {
        task_type: 'keypoint',
        class_id: classes['person'],
        geometry: { type: 'keypoints', points: [[5, 5, 2], [9, 30, 1]] }, // prettier-ignore
      },
      {
        task_type: 'captioning',
        class_id: null,
        geometry: { type: 'text', label_type: 'caption', text: `Bild ${n}`, language: 'de' },
      },
      { task_type: 'geometry', class_id: classes['lane'], geometry: { type: 'circle', center: [20, 20], radius: 5 } },
    ];
    for (const [n, { id }] of images.slice(0, 6).entries()) {
      const operations = shapes(n).map((values) => ({ op: 'create', op_id: randomUUID(), ...values }));
      const { body } = await api
        .as(api.owner)
        .post(`/api/v1/projects/${dataset.project_id}/images/${id}/operations`)
        .send({ operations });
      expect(body.results.filter(({ status }: { status: string }) => status !== 'applied')).toEqual([]);
    }
    await api
      .as(api.owner)
      .post(`/api/v1/projects/${dataset.project_id}/images/${images[0]?.id}/confirm`)
      .send({ task_type: 'detection' });
  });
  afterAll(() => api.close());

  const post = (path: string, values: object) =>
    api
      .as(api.owner)
      .post(path)
      .send({ project_id: dataset.project_id, ...values });
  async function made(values: object): Promise<{ job: ExportJob; bytes: Buffer; files: Map<string, Buffer> }> {
    const { status, body } = await post('/api/v1/export', values);
    expect([status, body.status, body.error]).toEqual([200, 'completed', null]);
    const bytes = Buffer.from(await (await fetch(body.download_url as string)).arrayBuffer());
    const job = body as ExportJob;
    return { job, bytes, files: job.key?.endsWith('.zip') ? unzipped(bytes) : new Map([['', bytes]]) };
  }

  test('the contract knows every format that there is a codec for', () => {
    const wire = FORMAT_NAMES.map((name) => (name === 'voc' ? 'pascal_voc' : name));
    expect([...EXPORT_FORMATS].sort()).toEqual(wire.sort());
  });

  const EVERY = [
    ...['instances', 'keypoints', 'captions', 'labels'].map((file) => ['coco', { include: [file] }] as const),
    ['coco', { include: ['instances', 'keypoints', 'captions', 'labels'], outlines_as_polygons: true }],
    ...['detect', 'segment', 'obb', 'pose'].map((kind) => ['yolo', { kind, circles: true }] as const),
    ['pascal_voc', { masks: true, rotated: true }],
    ['cvat', {}],
    ['label_studio', {}],
    ['labelme', {}],
    ['csv', {}],
    ['dice', {}],
  ] as const;

  test.each(EVERY)('%s %j: sound, the same bytes twice, and as announced', async (format, options) => {
    const first = await made({ format, options });
    const second = await made({ format, options });
    expect(second.job.sha256).toBe(first.job.sha256);
    const { report } = first.job;
    expect(report?.check).toEqual({ status: 'passed', count: 0, issues: [] });
    // Nothing disappears: in the files, or dropped with a reason.
    const dropped = report?.dropped.reduce((sum, { count }) => sum + count, 0) ?? 0;
    expect((report?.counts.annotations ?? 0) + dropped).toBe(42);
    const preview = (await post('/api/v1/exports/preview', { format, options })).body as ExportPreview;
    expect(preview).toMatchObject({ complete: true, images: 9, annotations: 42, split_share: 1 });
    expect(preview.file_name).toBe(first.job.key?.split('/').at(-1));
    const lost = preview.by_kind.filter(({ fate }) => fate === 'dropped');
    expect(lost.reduce((sum, { annotations }) => sum + annotations, 0)).toBe(dropped);
    const codes = (list: { code: string }[] | undefined) => [...new Set(list?.map(({ code }) => code))].sort();
    for (const fate of ['dropped', 'converted'] as const) {
      const foretold = preview.by_kind.flatMap(({ findings }) => findings.filter((one) => one.fate === fate));
      const always = foretold.filter(({ when }) => when === undefined);
      expect(codes(report?.[fate])).toEqual(expect.arrayContaining(codes(always)));
      expect(codes(foretold)).toEqual(expect.arrayContaining(codes(report?.[fate])));
    }
  });

  test.each([
    ['coco', {}, /^images\/거리 0\.jpg$/u],
    ['yolo', {}, /^images\/(?:train|val)\/거리 0\.jpg$/u],
    ['yolo', { kind: 'classify' }, /^(?:train|val)\/day\/거리 0\.jpg$/u],
    ['pascal_voc', {}, /^VOCdevkit\/VOC2012\/JPEGImages\/거리_0\.jpg$/u],
    ['labelme', {}, /^거리 0\.jpg$/u],
    ['csv', {}, /^images\/거리 0\.jpg$/u],
    ['dice', {}, /0\.jpg$/u],
  ])('%s %j with images: every picture in its place, byte for byte', async (format, options, place) => {
    const { job, files } = await made({ format, options, include_images: true });
    expect(job.key).toMatch(/\.zip$/u);
    const pictures = [...files.keys()].filter((path) => /\.(?:jpg|png)$/u.test(path) && !path.includes('Segmentation'));
    const count = format === 'yolo' && 'kind' in options ? 6 : 9;
    expect(pictures).toHaveLength(count);
    expect(job.report?.pictures).toMatchObject({ count, missing: { count: 0 }, changed: { count: 0 } });
    const found = pictures.find((path) => place.test(path));
    expect(found && files.get(found)?.equals(await jpeg(64, 48))).toBe(true);
    expect((await made({ format, options, include_images: true })).job.sha256).toBe(job.sha256);
  });

  test('a picture the storage lost or that was replaced behind our back is told, not fatal', async () => {
    const lost = `${dataset.id}/images/${images[7]?.path}`;
    const kept = await sharp({ create: { width: 70, height: 48, channels: 3, background: 'red' } })
      .jpeg()
      .toBuffer();
    const other = `${dataset.id}/images/${images[6]?.path}`;
    const original = await jpeg(71, 48);
    const previous = await jpeg(70, 48);
    await api.storage.datasets.delete(lost);
    await api.storage.datasets.put(other, kept, { content_type: 'image/jpeg' });
    try {
      const { job, files } = await made({ format: 'coco', include_images: true });
      expect(job.report?.pictures).toMatchObject({
        count: 8,
        missing: { count: 1, examples: [images[7]?.id] },
        changed: { count: 1, examples: [images[6]?.id] },
      });
      expect(files.has(`images/${images[7]?.path}`)).toBe(false);
    } finally {
      await api.storage.datasets.put(lost, original, { content_type: 'image/jpeg' });
      await api.storage.datasets.put(other, previous, { content_type: 'image/jpeg' });
    }
  });

  describe('filters', () => {
    interface Coco {
      images: { id: number }[];
      categories: { name: string }[];
      annotations: { image_id: number }[];
    }
    const coco = async (values: object) => {
      const { files } = await made({ format: 'coco', ...values });
      return JSON.parse([...files.values()][0]?.toString() ?? '') as Coco;
    };

    test('by class: other classes are gone, and the report knows only these', async () => {
      const file = await coco({ class_id: classes['bus & tram'] });
      expect(file.categories.map(({ name }) => name)).toEqual(['bus & tram']);
      expect([file.images.length, file.annotations.length]).toEqual([9, 6]);
      expect((await coco({ class_id: [classes['car'], classes['road']] })).annotations).toHaveLength(12);
    });

    test('only annotated images', async () => {
      expect((await coco({ images: 'annotated' })).images).toHaveLength(6);
      expect((await coco({ images: 'annotated', state: 'confirmed' })).images.map(({ id }) => id)).toEqual([
        images[0]?.id,
      ]);
      const preview = await post('/api/v1/exports/preview', {
        format: 'coco',
        images: 'annotated',
        state: 'confirmed',
      });
      expect(preview.body).toMatchObject({ images: 1, annotations: 2 });
    });

    test('by split: the parts make up the whole, and each holds its own annotations', async () => {
      const split_shares = { train: 50, val: 30, test: 20 };
      const parts = [];
      for (const split of ['train', 'val', 'test'] as const) parts.push(await coco({ split, split_shares }));
      expect(parts.flatMap((part) => part.images.map(({ id }) => id)).sort((a, b) => a - b)).toEqual(
        images.map(({ id }) => id),
      );
      expect(parts.reduce((sum, { annotations }) => sum + annotations.length, 0)).toBe(18);
      for (const part of parts) {
        const ids = new Set(part.images.map(({ id }) => id));
        expect(part.annotations.every(({ image_id }) => ids.has(image_id))).toBe(true);
      }
      // A YOLO dataset puts the same images into the same parts.
      const { files } = await made({ format: 'yolo', split_shares });
      const validation = [...files.keys()].filter((path) => path.startsWith('labels/val/'));
      expect(validation).toHaveLength(parts[1]?.images.length ?? -1);
      const preview = await post('/api/v1/exports/preview', { format: 'coco', split: ['val', 'test'], split_shares });
      expect(preview.body.split_share).toBe(0.5);
    });
  });

  test.each([
    ['detection', 'detect', 12],
    ['segmentation', 'segment', 6],
    ['keypoint', 'pose', 6],
    ['classification', 'classify', 6],
    ['geometry', 'detect', 6],
  ])('YOLO of %s is made as %s, without being told', async (task_type, kind, annotations) => {
    const asked = { classification: { include_images: true }, geometry: { options: { circles: true } } };
    const { job } = await made({ format: 'yolo', task_type, ...asked[task_type as keyof typeof asked] });
    expect(job.options.options).toMatchObject({ kind });
    expect(job.report?.counts.annotations).toBe(annotations);
  });

  test('a dataset of one task type says by itself which kind of YOLO it is', async () => {
    const { project_id } = await api.newDataset({ name: 'Outlines', task_types: ['segmentation', 'geometry'] });
    const { job } = await made({ project_id, format: 'yolo' });
    expect(job.options.options).toMatchObject({ kind: 'segment' });
    const tags = await api.newDataset({ name: 'Tags', task_types: ['classification'] });
    const { status, body } = await post('/api/v1/export', { project_id: tags.project_id, format: 'yolo' });
    expect([status, body.error.details[0].path]).toEqual([422, 'include_images']);
  });

  test('Pascal VOC goes by both of its names', async () => {
    expect((await made({ format: 'voc' })).job.format).toBe('pascal_voc');
  });

  test('what cannot be is refused, with the field and what to do', async () => {
    for (const [values, path, words] of [
      [{ format: 'yolo', options: { kind: 'boxes' } }, 'options.kind', /one of detect, segment/u],
      [{ format: 'yolo', options: { kind: 'classify' } }, 'include_images', /must be true/u],
      [
        { format: 'yolo', task_type: 'segmentation', options: { kind: 'detect' } },
        'options.kind',
        /made from detection/u,
      ],
      [{ format: 'yolo', task_type: 'geometry' }, 'options.circles', /circles only/u],
      [{ format: 'yolo', task_type: 'classification' }, 'include_images', /must be true/u],
      [{ format: 'pascal_voc', task_type: 'keypoint' }, 'task_type', /no place for/u],
      [{ format: 'labelme', options: { masks: true } }, 'options.masks', /has none/u],
      [{ format: 'coco', options: { include: [] } }, 'options.include', /list of one or more/u],
      [{ format: 'coco', task_type: 'keypoint', options: { include: ['labels'] } }, 'options.include', /keypoints/u],
      [{ format: 'coco', split_shares: { train: 0, val: 0, test: 0 } }, 'split_shares', /all be 0/u],
      [{ format: 'coco', class_id: 4_000_000 }, 'class_id', /no class/u],
      [{ format: 'coco', task_type: 'detection', class_id: classes['road'] }, 'class_id', /for segmentation/u],
      [{ format: 'coco', options: { constructor: true } }, 'options.constructor', /no option/u],
    ] as const) {
      for (const where of ['/api/v1/export', '/api/v1/exports/preview']) {
        const { status, body } = await post(where, values);
        expect([status, body.error.details[0].path]).toEqual([422, path]);
        expect(body.error.message).toMatch(words);
      }
    }
  });
});
