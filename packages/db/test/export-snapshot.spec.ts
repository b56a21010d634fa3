import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import type { ExportAnnotation, ExportImage, LabelerDb } from '../src/index.js';
import { box, create, deletion, newImage, newWorld, OWNER, stored, type World } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;
let world: World;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(() => databases?.close());
beforeEach(async () => {
  world = await newWorld(db, 3);
});

async function all<Row>(batches: AsyncIterable<Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

const connections = async () =>
  (
    await db.sql.one<{ n: number }>(
      `select count(*) as n from pg_stat_activity where datname = current_database() and xact_start is not null
        and pid <> pg_backend_pid()`,
    )
  )?.n;

test('gives the project, its classes, images and annotations as they are stored', async () => {
  const polygon = stored({
    type: 'polygon',
    polygons: [
      [
        [
          [0.1, 1e-7],
          [100.25, 0],
          [50, 77.123456789],
        ],
        [],
      ],
    ],
  });
  const text = stored({
    type: 'text',
    label_type: 'caption',
    text: 'tab\t "q" \\ 한글 🙂 \u0001\u0002',
    language: 'ko',
  });
  await db.annotations.applyOperations(world.scope(1), [
    create(world, { ...box(1.5, 2.25, 3, 4), attributes: { 'a\u0001': 'x\ny', n: 1e21 } }),
    create(world, { ...polygon, task_type: 'segmentation', class_id: world.classes.segmentation as number }),
  ]);
  await db.annotations.applyOperations(world.scope(0), [
    create(world, { ...text, task_type: 'segmentation', class_id: null }),
  ]);
  await using snapshot = await db.openExport({ project_id: world.dataset.project_id });
  expect(snapshot.project).toMatchObject({ id: world.dataset.project_id, dataset_id: world.dataset.id });
  expect(snapshot.counts).toEqual({ images: 3, annotations: 3 });
  expect(snapshot.classes.map(({ task_type }) => task_type)).toEqual(['detection', 'segmentation']);

  const images = await all(snapshot.images());
  expect(images.map(({ id }) => id)).toEqual(world.images);
  expect(images[0]).toEqual({
    id: world.images[0],
    path: 'img-000000.jpg',
    width: 640,
    height: 480,
    size_bytes: 1_000,
    sha256: 'a'.repeat(64),
    content_type: 'image/jpeg',
    split: null,
  });

  const byId = await all(snapshot.annotations());
  expect(byId).toMatchObject([
    {
      image_id: world.images[1],
      class_id: world.classes.detection,
      annotation_type: 'bbox',
      geometry: '{"type":"bbox","bbox":[1.5,2.25,3,4]}',
      bbox_x: 1.5,
      bbox_y: 2.25,
      bbox_w: 3,
      bbox_h: 4,
      area: 12,
    },
    {
      annotation_type: 'polygon',
      geometry: polygon.geometry,
      bbox_h: polygon.bbox?.[3],
      area: polygon.area,
      attributes: '{}',
    },
    { annotation_type: 'text', geometry: text.geometry, class_id: null, bbox_x: null, area: null },
  ]);
  expect(JSON.parse(byId[0]?.attributes ?? '')).toEqual({ 'a\u0001': 'x\ny', n: 1e21 });
  const byImage = await all(snapshot.annotations('image'));
  expect(byImage.map(({ image_id }) => image_id)).toEqual([world.images[0], world.images[1], world.images[1]]);
});

test.each(['shape', 'label'] as const)('annotations that pass tell the same (%s)', async (detail) => {
  const polygon = stored({ type: 'polygon', polygons: [[[[0, 0], [9.25, 0], [9, 9]], []]] }); // prettier-ignore
  await db.annotations.applyOperations(world.scope(1), [
    create(world, { ...box(1.5, 1e-7, 123.456789, 4), attributes: { 거: ['x\ny', 'z'] }, confidence: 0.25 }),
    create(world, { ...polygon, task_type: 'segmentation', class_id: null }),
    create(world, box(0.1, 0, 1 / 3, 99)),
    create(world, { ...stored({ type: 'no_object' }), class_id: null }),
  ]);
  // As nobody writes them: a box that was never measured.
  await db.sql.run(
    `insert into annotations (project_id, image_id, task_type, annotation_type, created_by, updated_by, geometry)
      values ($1, $2, 'detection', 'bbox', $3, $3, '{"type":"bbox", "bbox":[1,2,3,4]}')`,
    [world.dataset.project_id, world.images[0], OWNER],
  );
  await using snapshot = await db.openExport({ project_id: world.dataset.project_id, detail });
  for (const order of ['id', 'image'] as const) {
    const found: object[] = [];
    const objects = new Set<object>();
    for await (const batch of snapshot.passing!(order)) {
      for (const row of batch) {
        objects.add(row);
        const { geometry, attributes, geometry_utf8 } = row;
        if (geometry_utf8) expect(Buffer.from(geometry_utf8).toString()).toBe(geometry);
        const names = Object.keys((await all(snapshot.annotations(order)))[0] ?? {}) as (keyof ExportAnnotation)[];
        found.push({ ...Object.fromEntries(names.map((name) => [name, row[name]])), geometry, attributes });
      }
      expect(batch.passed).toBe(found.length);
    }
    const told = (await all(snapshot.annotations(order))).map((row) =>
      detail === 'shape' || row.annotation_type === 'no_object' ? row : { ...row, task_type: undefined },
    );
    expect(found).toEqual(told);
    expect(objects.size).toBe(1);
  }
});

test('images that pass tell the same', async () => {
  await db.sql.run(`update image_metadata set split = 'val', path = '길/' || path where id = $1`, [world.images[1]]);
  await using snapshot = await db.openExport({ project_id: world.dataset.project_id });
  const told = await all(snapshot.images());
  const names = Object.keys(told[0] ?? {}) as (keyof ExportImage)[];
  const found: object[] = [];
  const objects = new Set<object>();
  for await (const batch of snapshot.passingImages!()) {
    for (const image of batch) {
      objects.add(image);
      found.push(Object.fromEntries(names.map((name) => [name, image[name]])));
    }
    expect(batch.passed).toBe(found.length);
  }
  expect(found).toEqual(told);
  expect(objects.size).toBe(1);
});

test('of annotations that pass, areas are read when they were asked for', async () => {
  await db.annotations.applyOperations(world.scope(), [create(world, box(1, 2, 3, 4))]);
  const filter = { project_id: world.dataset.project_id, detail: 'label' } as const;
  for (const area_wanted of [undefined, true, false]) {
    await using snapshot = await db.openExport({ ...filter, area_wanted });
    for await (const batch of snapshot.passing!()) {
      for (const row of batch) {
        expect([row.bbox_x, row.bbox_y, row.bbox_w, row.bbox_h]).toEqual([1, 2, 3, 4]);
        if (area_wanted === false) expect(() => row.area).toThrow('not asked for');
        else expect(row.area).toBe(12);
      }
    }
  }
});

test('of annotations that pass, geometry is read of the kinds that were asked for', async () => {
  const polygon = stored({ type: 'polygon', polygons: [[[[0, 0], [9.25, 0], [9, 9]], []]] }); // prettier-ignore
  const circle = stored({ type: 'circle', center: [9, 9], radius: 2 });
  await db.annotations.applyOperations(world.scope(), [
    create(world),
    create(world, { ...polygon, task_type: 'segmentation', class_id: null }),
    create(world, { ...circle, task_type: 'segmentation', class_id: null }),
  ]);
  await using snapshot = await db.openExport({ project_id: world.dataset.project_id, geometry_of: ['bbox', 'circle'] });
  const found: (string | Error)[] = [];
  for await (const batch of snapshot.passing!()) {
    for (const row of batch) {
      if (row.annotation_type === 'polygon') expect(() => row.geometry).toThrow('polygon was not asked for');
      else found.push(row.geometry);
    }
  }
  expect(found).toEqual((await all(snapshot.annotations())).map(({ geometry }) => geometry).filter((one) => one !== polygon.geometry)); // prettier-ignore
});

test('images of other datasets may lie between: annotations come by image all the same, and no others', async () => {
  const others = await newWorld(db, 40);
  const [last] = await db.images.insertMany(world.dataset.id, OWNER, 'skip', [newImage('last.jpg')]);
  const scope = { ...world.scope(), image_id: last!.image.id };
  await db.annotations.applyOperations(scope, [create(world), create(world)]);
  await db.annotations.applyOperations(world.scope(1), [create(world)]);
  await db.annotations.applyOperations(others.scope(7), [create(others), create(others)]);
  const imagesOf = async ({ dataset }: World) => {
    await using snapshot = await db.openExport({ project_id: dataset.project_id });
    return (await all(snapshot.annotations('image'))).map(({ image_id }) => image_id);
  };
  expect(await imagesOf(world)).toEqual([world.images[1], scope.image_id, scope.image_id]);
  expect(await imagesOf(others)).toEqual([others.images[7], others.images[7]]);
});

test('filters by task type and state, and counts what it filters', async () => {
  await db.annotations.applyOperations(world.scope(), [
    create(world),
    create(world),
    create(world, { task_type: 'segmentation', class_id: null }),
  ]);
  await db.annotations.confirmImage(world.scope(), 'segmentation');
  const found = async (filter: object) => {
    await using snapshot = await db.openExport({ project_id: world.dataset.project_id, ...filter });
    const rows = await all(snapshot.annotations());
    expect(snapshot.counts.annotations).toBe(rows.length);
    return rows.length;
  };
  expect(await found({})).toBe(3);
  expect(await found({ task_types: ['detection'] })).toBe(2);
  expect(await found({ states: ['confirmed', 'verified'] })).toBe(1);
  expect(await found({ task_types: ['detection'], states: ['confirmed'] })).toBe(0);
  expect(await found({ task_types: [] })).toBe(0);
});

test('filters by class, leaves out unannotated images, and counts ahead what it will read', async () => {
  const segmentation = world.classes.segmentation as number;
  await db.annotations.applyOperations(world.scope(), [
    create(world),
    create(world, { task_type: 'segmentation', class_id: null }),
  ]);
  await db.annotations.applyOperations(world.scope(2), [create(world), create(world)]);
  const filter = { project_id: world.dataset.project_id, class_ids: [world.classes.detection as number] };
  await using snapshot = await db.openExport({ ...filter, annotated_only: true });
  expect(snapshot.classes.map(({ id }) => id)).toEqual(filter.class_ids);
  expect(await all(snapshot.annotations())).toHaveLength(3);
  expect(await all(snapshot.annotations('image'))).toHaveLength(3);
  expect((await all(snapshot.images())).map(({ id }) => id)).toEqual([world.images[0], world.images[2]]);
  expect(await db.exports.forecast({ ...filter, annotated_only: true })).toEqual({
    images: 2,
    total: 3,
    splits: {},
    size_bytes: 2_000,
    annotations: [{ annotation_type: 'bbox', class_id: filter.class_ids[0], count: 3 }],
    complete: true,
  });
  expect(await db.exports.forecast({ ...filter, class_ids: [segmentation] })).toMatchObject({
    images: 3,
    annotations: [],
  });
  expect(await db.exports.forecast({ project_id: 2 ** 40 })).toBeNull();
});

test('with task, state, people and times when they are asked for', async () => {
  await db.annotations.applyOperations(world.scope(), [create(world, { confidence: 0.25, source: 'model' })]);
  const { project_id } = world.dataset;
  await using snapshot = await db.openExport({ project_id, detail: 'origin' });
  const [row] = await all(snapshot.annotations());
  const times = await db.sql.one(
    'select created_at, updated_at, confirmed_at, confirmed_by from annotations where id = $1',
    [row?.id],
  );
  expect(row).toMatchObject({
    ...times,
    task_type: 'detection',
    confidence: 0.25,
    source: 'model',
    state: 'draft',
    created_by: OWNER,
    updated_by: OWNER,
  });
  await using plain = await db.openExport({ project_id });
  expect(Object.keys((await all(plain.annotations()))[0] ?? {})).not.toContain('created_at');
});

test('shows one moment, whatever is written while it is read', async () => {
  await db.annotations.applyOperations(
    world.scope(),
    Array.from({ length: 10 }, () => create(world)),
  );
  await using snapshot = await db.openExport({ project_id: world.dataset.project_id });
  await db.annotations.applyOperations(world.scope(1), [create(world)]);
  await db.deletedImages.delete(deletion(world), [world.images[0] as number]);
  expect(await all(snapshot.images())).toHaveLength(3);
  expect(await all(snapshot.annotations())).toHaveLength(10);
  await using later = await db.openExport({ project_id: world.dataset.project_id });
  expect(await all(later.images())).toHaveLength(2);
  expect(await all(later.annotations('image'))).toHaveLength(1);
});

test('reads images and annotations side by side', async () => {
  for (const index of [0, 2]) await db.annotations.applyOperations(world.scope(index), [create(world)]);
  await using snapshot = await db.openExport({ project_id: world.dataset.project_id });
  const pairs: [number, number][] = [];
  for await (const images of snapshot.images()) {
    for await (const annotations of snapshot.annotations('image')) {
      for (const { image_id } of annotations) pairs.push([images.length, image_id]);
    }
  }
  expect(pairs).toEqual([
    [3, world.images[0]],
    [3, world.images[2]],
  ]);
});

test('leaves no connection behind: read to the end, left half-way, closed while open, failed', async () => {
  await db.annotations.applyOperations(
    world.scope(),
    Array.from({ length: 5_000 }, () => create(world)),
  );
  const { project_id } = world.dataset;
  {
    await using snapshot = await db.openExport({ project_id });
    for await (const batch of snapshot.annotations()) if (batch.length > 0) break;
  }
  const unfinished = await db.openExport({ project_id });
  const reading = unfinished.annotations()[Symbol.asyncIterator]();
  await reading.next();
  await unfinished.close();
  await expect(db.openExport({ project_id: 2 ** 40 })).rejects.toMatchObject({ code: 'not_found' });
  // Servers notice a closed socket in their own time; asking again is what waits for it.
  let open = await connections();
  for (let tries = 0; open !== 0 && tries < 500; tries += 1) open = await connections();
  expect(open).toBe(0);
});

/** More than sockets buffer: 40 MB. */
const MANY = 40_000;

async function fill(): Promise<void> {
  await db.sql.run(
    `insert into annotations (project_id, image_id, task_type, annotation_type, created_by, updated_by, geometry)
      select $1, $2, 'detection', 'bbox', $3, $3, ('{"type":"x","pad":"' || repeat('x', 1000) || '"}')::json
      from generate_series(1, ${MANY})`,
    [world.dataset.project_id, world.images[0], OWNER],
  );
}

test('a connection that breaks while it is read is told as such', async () => {
  await fill();
  await using snapshot = await db.openExport({ project_id: world.dataset.project_id });
  const read = async () => {
    let first = true;
    for await (const _ of snapshot.annotations()) {
      if (!first) continue;
      first = false;
      await db.sql.rows(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query like 'copy %'`,
      );
    }
  };
  await expect(read()).rejects.toMatchObject({ code: 'database_unavailable' });
});

test('a slow reader holds the server back instead of filling memory', async () => {
  await fill();
  await using snapshot = await db.openExport({ project_id: world.dataset.project_id });
  let seen = 0;
  let largest = 0;
  let last: ExportAnnotation | undefined;
  for await (const batch of snapshot.annotations()) {
    // Give the socket every chance to run ahead.
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    seen += batch.length;
    largest = Math.max(largest, batch.length);
    last = batch.at(-1);
  }
  expect(seen).toBe(MANY);
  expect(last?.geometry).toHaveLength(1_021);
  // A batch is what one read of the socket brought, not what the server could send meanwhile.
  expect(largest).toBeLessThan(2_000);
});
