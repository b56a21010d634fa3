import type { Connection } from '../src/connection/sql.js';
import { ImageRepository } from '../src/repositories/image/image-repository.js';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import type { ImageFilter, LabelerDb, PageRequest } from '../src/index.js';
import { create, DEADLOCKS, newDataset, newImage, newWorld, OTHER, OWNER } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(async () => {
  // Nobody here is to run into one; the repositories' retry would hide it.
  expect(await db.sql.one(DEADLOCKS)).toEqual({ deadlocks: 0 });
  await databases.close();
});

describe('insertMany', () => {
  test('answers in the order given, for one dataset only', async () => {
    const { id } = await newDataset(db);
    const other = await newDataset(db);
    const first = await db.images.insertMany(id, OWNER, 'skip', [newImage('b.jpg'), newImage('a/ü 한글 (1).jpg')]);
    expect(first.map(({ outcome, asked_path }) => [outcome, asked_path])).toEqual([
      ['created', 'b.jpg'],
      ['created', 'a/ü 한글 (1).jpg'],
    ]);
    expect(first[0]?.image).toEqual({
      id: expect.any(Number) as number,
      dataset_id: id,
      path: 'b.jpg',
      width: 640,
      height: 480,
      size_bytes: 1_000,
      sha256: 'a'.repeat(64),
      content_type: 'image/jpeg',
      split: null,
      status: 'not_started',
      thumbnail_state: 'pending',
      revision: 1,
      uploaded_by: OWNER,
      uploaded_at: expect.stringMatching(/Z$/u) as string,
    });
    expect((await db.images.insertMany(other.id, OWNER, 'skip', [newImage('b.jpg')]))[0]?.outcome).toBe('created');
    expect(await db.images.insertMany(id, OWNER, 'skip', [])).toEqual([]);
    expect(await db.images.byPaths(id, ['b.jpg', 'missing.jpg'])).toEqual([first[0]?.image]);
    expect(await db.images.byIds(id, [first[1]?.image.id as number, 2 ** 40])).toEqual([first[1]?.image]);
    await expect(db.images.insertMany(2 ** 40, OWNER, 'skip', [newImage('x.jpg')])).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('skip keeps what is there, overwrite replaces it under the same id, rename finds a free name', async () => {
    const { id } = await newDataset(db);
    const [original] = await db.images.insertMany(id, OWNER, 'skip', [newImage('x/a.jpg')]);
    await db.images.setThumbnail(original?.image.id as number, 1, 'ready');
    const again = newImage('x/a.jpg', { size_bytes: 7, sha256: 'b'.repeat(64), width: 10 });

    const [skipped] = await db.images.insertMany(id, OTHER, 'skip', [again]);
    expect(skipped).toMatchObject({ outcome: 'skipped', image: { id: original?.image.id, size_bytes: 1_000 } });

    const [renamed] = await db.images.insertMany(id, OTHER, 'rename', [again]);
    expect(renamed).toMatchObject({ outcome: 'renamed', asked_path: 'x/a.jpg', image: { path: 'x/a (2).jpg' } });

    const [overwritten] = await db.images.insertMany(id, OTHER, 'overwrite', [again]);
    expect(overwritten).toMatchObject({
      outcome: 'overwritten',
      image: {
        id: original?.image.id,
        size_bytes: 7,
        width: 10,
        revision: 2,
        thumbnail_state: 'pending',
        uploaded_by: OTHER,
      },
    });
    expect(await db.datasets.get(id, { user_id: OWNER, organization_id: null })).toMatchObject({
      image_count: 2,
      size_bytes: 14,
    });
  });

  test('the same name several times in one request meets itself', async () => {
    const { id } = await newDataset(db);
    const twice = [newImage('a.jpg', { size_bytes: 1 }), newImage('b.jpg'), newImage('a.jpg', { size_bytes: 2 })];
    expect((await db.images.insertMany(id, OWNER, 'skip', twice)).map(({ outcome }) => outcome)).toEqual([
      'created',
      'created',
      'skipped',
    ]);
    const overwritten = await db.images.insertMany(id, OWNER, 'overwrite', twice);
    expect(overwritten.map(({ outcome, image }) => [outcome, image.size_bytes, image.revision])).toEqual([
      ['overwritten', 1, 2],
      ['overwritten', 1_000, 2],
      ['overwritten', 2, 3],
    ]);
    const renamed = await db.images.insertMany(id, OWNER, 'rename', [...twice, newImage('a (2).jpg')]);
    expect(renamed.map(({ image }) => image.path).sort()).toEqual(['a (2).jpg', 'a (3).jpg', 'a (4).jpg', 'b (2).jpg']);
  });

  test('renames as file managers do: dots, folders, no extension, wild cards', async () => {
    const { id } = await newDataset(db);
    for (const [path, expected] of [
      ['archive.tar.gz', 'archive.tar (2).gz'],
      ['a.b/c', 'a.b/c (2)'],
      ['.hidden', '.hidden (2)'],
      ['100%_.png', '100%_ (2).png'],
      ['x (2).jpg', 'x (2) (2).jpg'],
    ] as const) {
      await db.images.insertMany(id, OWNER, 'skip', [newImage(path)]);
      const [renamed] = await db.images.insertMany(id, OWNER, 'rename', [newImage(path)]);
      expect(renamed?.image.path).toBe(expected);
    }
  });

  test('concurrent uploads of the same names all get one of their own', async () => {
    const { id } = await newDataset(db);
    const results = (
      await Promise.all(
        Array.from({ length: 10 }, () =>
          db.images.insertMany(id, OWNER, 'rename', [newImage('z.jpg'), newImage('a.jpg'), newImage('a.jpg')]),
        ),
      )
    ).flat();
    const paths = results.map(({ image }) => image.path);
    expect(new Set(paths).size).toBe(30);
    expect(paths).toEqual(expect.arrayContaining(['a.jpg', 'a (20).jpg', 'z.jpg', 'z (10).jpg']));
  });

  test('concurrent uploads that skip or overwrite agree on one image', async () => {
    const { id } = await newDataset(db);
    const paths = Array.from({ length: 20 }, (_, n) => `${n}.jpg`);
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        db.images.insertMany(
          id,
          OWNER,
          n % 2 ? 'skip' : 'overwrite',
          (n % 3 ? paths : [...paths].reverse()).map((path) => newImage(path)),
        ),
      ),
    );
    const outcomes = results.flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(20);
    expect(await db.datasets.get(id, { user_id: OWNER, organization_id: null })).toMatchObject({ image_count: 20 });
  });

  test('names taken by a transaction that is rolled back are free again', async () => {
    const { id } = await newDataset(db);
    const inserted = db.transaction(async (tx) => {
      await tx.images.insertMany(id, OWNER, 'rename', [newImage('a.jpg')]);
      const waiting = db.images.insertMany(id, OWNER, 'rename', [newImage('a.jpg')]);
      // The other upload waits for us: let it get as far as that.
      let blocked = false;
      while (!blocked) {
        blocked = Boolean(
          await tx.sql.one(
            `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
          ),
        );
      }
      throw Object.assign(new Error('storage failed'), { waiting });
    });
    const failure = await inserted.then(
      () => null,
      (error: Error & { waiting: ReturnType<LabelerDb['images']['insertMany']> }) => error,
    );
    expect((await failure?.waiting)?.[0]).toMatchObject({ outcome: 'created', image: { path: 'a.jpg' } });
  });
});

describe('list', () => {
  const listAll = async (
    head: Parameters<LabelerDb['images']['list']>[0],
    query: ImageFilter & Partial<PageRequest>,
  ) => {
    const paths: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await db.images.list(head, { limit: 3, ...query, cursor });
      expect(page.items.length).toBeLessThanOrEqual(3);
      paths.push(...page.items.map(({ path }) => path));
      cursor = page.next_cursor;
    } while (cursor);
    return paths;
  };

  test('sorts both ways and pages without gaps or repeats, also where keys are equal', async () => {
    const { id, project_id, task_types } = await newDataset(db);
    const head = { project_id, dataset_id: id, task_types };
    const names = ['b.jpg', 'a.jpg', 'B.jpg', 'ä.jpg', '10.jpg', '9.jpg', 'z/1.jpg', 'é.jpg', '가.jpg', '🙂.jpg'];
    for (const [n, path] of names.entries()) {
      await db.images.insertMany(id, OWNER, 'skip', [newImage(path, { size_bytes: n % 3 })]);
    }
    const bytes = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(await listAll(head, { sort: 'path' })).toEqual(bytes);
    expect(await listAll(head, { sort: '-path' })).toEqual([...bytes].reverse());
    expect(await listAll(head, { sort: 'id' })).toEqual(names);
    expect(await listAll(head, {})).toEqual(names);
    expect(await listAll(head, { sort: '-uploaded_at' })).toEqual([...names].reverse());
    const bySize = names.map((path, n) => ({ path, n })).sort((a, b) => (a.n % 3) - (b.n % 3) || a.n - b.n);
    expect(await listAll(head, { sort: 'size' })).toEqual(bySize.map(({ path }) => path));
    expect(await listAll(head, { sort: '-size' })).toEqual(bySize.map(({ path }) => path).reverse());
  });

  test('filters by status, task type, class and part of the path, in any combination', async () => {
    const world = await newWorld(db, 6);
    const { head } = world;
    const truck = await db.classes.create(head.project_id, { task_type: 'detection', name: 'truck' });
    for (const index of [0, 1, 2]) await db.annotations.applyOperations(world.scope(index), [create(world)]);
    await db.annotations.applyOperations(world.scope(2), [
      create(world, { class_id: truck.id }),
      create(world, { class_id: truck.id }),
    ]);
    await db.annotations.applyOperations(world.scope(3), [
      create(world, { task_type: 'segmentation', class_id: world.classes.segmentation as number }),
    ]);
    for (const index of [1, 4]) await db.annotations.confirmImage(world.scope(index), 'detection');
    const found = async (query: ImageFilter) =>
      (await listAll(head, query)).map((path) => Number(/(\d+)\.jpg/u.exec(path)?.[1]));
    for (const sort of ['id', '-path', 'size'] as const) {
      const sorted = (...expected: number[]) => (sort === '-path' ? expected.reverse() : expected);
      expect(await found({ sort, status: 'in_progress' })).toEqual(sorted(0, 1, 2, 3, 4));
      expect(await found({ sort, status: 'not_started' })).toEqual(sorted(5));
      expect(await found({ sort, status: 'completed', task_type: 'detection' })).toEqual(sorted(1, 4));
      expect(await found({ sort, status: 'in_progress', task_type: 'segmentation' })).toEqual(sorted(3));
      expect(await found({ sort, status: 'rejected', task_type: 'segmentation' })).toEqual([]);
      expect(await found({ sort, class_id: world.classes.detection })).toEqual(sorted(0, 1, 2));
      expect(await found({ sort, class_id: truck.id })).toEqual(sorted(2));
      expect(
        await found({ sort, class_id: world.classes.detection, status: 'completed', task_type: 'detection' }),
      ).toEqual([1]);
      expect(await found({ sort, q: '00000' })).toEqual(sorted(0, 1, 2, 3, 4, 5));
      expect(await found({ sort, q: 'IMG-000002' })).toEqual([2]);
      expect(await found({ sort, q: '2', class_id: truck.id, status: 'in_progress' })).toEqual([2]);
    }
    const [second] = (await db.images.list(head, { limit: 1, class_id: truck.id })).items;
    expect(second).toMatchObject({
      status: 'in_progress',
      statuses: { detection: 'in_progress', segmentation: 'not_started' },
      annotation_count: 3,
    });
    const one = await db.images.get(world.images[1] as number, 'detection');
    expect(one).toMatchObject({ status: 'completed', annotation_count: 1 });
    expect(await db.images.get(2 ** 40)).toBeNull();
    expect((await db.images.list(head, { limit: 10, task_type: 'segmentation' })).items[3]).toMatchObject({
      status: 'in_progress',
      annotation_count: 1,
    });
  });

  test('with a single task type its status is the overall one', async () => {
    const world = await newWorld(db, 3, ['detection']);
    await db.annotations.confirmImage(world.scope(1), 'detection');
    const { items } = await db.images.list(world.head, { limit: 9, task_type: 'detection', status: 'completed' });
    expect(items.map(({ id }) => id)).toEqual([world.images[1]]);
  });

  test('wild cards of SQL are letters in a search', async () => {
    const { id, project_id, task_types } = await newDataset(db);
    const head = { project_id, dataset_id: id, task_types };
    await db.images.insertMany(
      id,
      OWNER,
      'skip',
      ['100%.jpg', '1000.jpg', 'a_b.jpg', 'aXb.jpg', 'back\\slash.jpg', 'Straße.jpg', 'É.jpg'].map((path) =>
        newImage(path),
      ),
    );
    expect(await listAll(head, { q: '0%' })).toEqual(['100%.jpg']);
    expect(await listAll(head, { q: 'a_b' })).toEqual(['a_b.jpg']);
    expect(await listAll(head, { q: 'k\\s' })).toEqual(['back\\slash.jpg']);
    expect(await listAll(head, { q: 'STRA' })).toEqual(['Straße.jpg']);
    expect(await listAll(head, { q: 'e\u0301' })).toEqual(['É.jpg']);
    expect(await listAll(head, { q: 'nothing like it' })).toEqual([]);
  });

  test('refuses cursors that are made up or belong to another order', async () => {
    const world = await newWorld(db, 3);
    const { next_cursor } = await db.images.list(world.head, { limit: 1, sort: 'path' });
    expect(next_cursor).toEqual(expect.any(String));
    const forged = Buffer.from(JSON.stringify(['images:id', "1' or true --"])).toString('base64url');
    for (const cursor of ['x', forged, next_cursor as string, '%%%', Buffer.from('[]').toString('base64url')]) {
      await expect(db.images.list(world.head, { limit: 1, sort: 'id', cursor })).rejects.toMatchObject({
        code: 'validation_failed',
        details: [{ path: 'cursor' }],
      });
    }
  });
});

test('a thumbnail that is there with its row is no work, unless it was taken back', async () => {
  const { id } = await newDataset(db);
  const work = async () =>
    (await db.images.thumbnailWork({ limit: 10, max_attempts: 3, dataset_id: id })).map(({ path }) => path);
  const ready = (path: string) => ({ ...newImage(path), thumbnail_state: 'ready' as const });
  const insert = (...images: ReturnType<typeof newImage>[]) => db.images.insertMany(id, OWNER, 'overwrite', images);
  const [made] = await insert(ready('a.jpg'), newImage('b.jpg'));
  expect(made?.image.thumbnail_state).toBe('ready');
  expect(await work()).toEqual(['b.jpg']);
  await db.images.oweThumbnail(made?.image.id ?? 0);
  expect(await work()).toEqual(['a.jpg', 'b.jpg']);
  await insert(ready('a.jpg'), ready('b.jpg'));
  expect(await work()).toEqual([]);
  await insert(newImage('a.jpg'));
  expect(await work()).toEqual(['a.jpg']);
});

test('who holds a path sees what the one before it made there', async () => {
  const { id } = await newDataset(db);
  const held = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const first = db.transaction(async (tx) => {
    expect(await tx.images.holdPath(id, 'a.jpg')).toBeNull();
    held.resolve();
    await goOn.promise;
    await tx.images.insertMany(id, OWNER, 'skip', [newImage('a.jpg')]);
  });
  await held.promise;
  const second = db.transaction((tx) => tx.images.holdPath(id, 'a.jpg'));
  expect(await db.transaction((tx) => tx.images.holdPath(id, 'b.jpg'))).toBeNull();
  goOn.resolve();
  await first;
  expect(await second).toMatchObject({ path: 'a.jpg' });
});

test('thumbnails: work to do, results of an older revision ignored, failures counted', async () => {
  const world = await newWorld(db, 3);
  const [first, second] = world.images as [number, number, number];
  const work = async (max_attempts = 3) =>
    (await db.images.thumbnailWork({ limit: 10, max_attempts, dataset_id: world.dataset.id })).map(({ id }) => id);
  expect(await work()).toEqual(world.images);
  expect(await db.images.setThumbnail(first, 1, 'ready')).toBe(true);
  expect(await db.images.setThumbnail(second, 1, 'failed')).toBe(true);
  expect(await work()).toEqual(world.images.slice(1));
  expect(await work(1)).toEqual(world.images.slice(2));
  await db.images.insertMany(world.dataset.id, OWNER, 'overwrite', [newImage('img-000000.jpg')]);
  expect(await db.images.setThumbnail(first, 1, 'ready')).toBe(false);
  expect(await work()).toEqual(world.images);
  expect(await db.images.setThumbnail(2 ** 40, 1, 'ready')).toBe(false);
  expect(
    await db.images.setThumbnails([
      { id: first, revision: 2, state: 'ready' },
      { id: second, revision: 2, state: 'ready' },
      { id: 2 ** 40, revision: 1, state: 'ready' },
      { id: world.images[2] as number, revision: 1, state: 'failed' },
    ]),
  ).toEqual([first, world.images[2]]);
  expect(await work(2)).toEqual(world.images.slice(1));
  expect(await work(1)).toEqual([]);
});

describe('with 20,000 images in a dataset beside others', () => {
  let world: Awaited<ReturnType<typeof newWorld>>;

  beforeAll(async () => {
    world = await newWorld(db, 1);
    const others = await Promise.all([newWorld(db, 1), newWorld(db, 1)]);
    for (const { dataset } of [world, ...others]) {
      await db.sql.run(
        `insert into image_metadata (dataset_id, path, width, height, size_bytes, sha256, content_type, uploaded_by, uploaded_at)
          select $1, 'folder' || n % 83 || '/photo ' || n * 7919 % 20011 || '.jpg', 640, 480, n * 31 % 4999, repeat('0', 64),
            'image/jpeg', 'x', now() - n * interval '1 s'
          from generate_series(1, 20000) n`,
        [dataset.id],
      );
    }
    for (const { head, classes } of [world, ...others]) {
      await db.sql.run(
        `insert into annotations (project_id, image_id, class_id, task_type, annotation_type, created_by, updated_by, geometry)
          select $1, i.id, $3, 'detection', 'bbox', 'x', 'x', '{}' from image_metadata i where i.dataset_id = $2 and i.id % 2 = 0`,
        [head.project_id, head.dataset_id, classes.detection],
      );
    }
    await db.sql.run(`analyze`);
  }, 120_000);

  const SORTS = ['id', '-id', 'path', '-path', 'uploaded_at', '-uploaded_at', 'size', '-size'] as const;
  const FILTERS: Record<string, () => ImageFilter> = {
    everything: () => ({}),
    'a status': () => ({ status: 'in_progress' }),
    'a task’s status': () => ({ status: 'in_progress', task_type: 'detection' }),
    'a class': () => ({ class_id: world.classes.detection }),
    'part of the path': () => ({ q: 'folder17/photo' }),
    'class, status and path': () => ({
      class_id: world.classes.detection,
      status: 'in_progress',
      task_type: 'detection',
      q: 'photo 1',
    }),
  };

  /** The list's own query, with the plan Postgres makes of it kept. */
  function explaining(): { images: ImageRepository; plans: string[] } {
    const plans: string[] = [];
    const explain = async (text: string, values: readonly unknown[]) => {
      const rows = await db.sql.rows<{ 'QUERY PLAN': string }>(`explain ${text}`, values);
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'));
      return db.sql.rows(text, values);
    };
    return { images: new ImageRepository({ rows: explain, hot: explain } as unknown as Connection), plans };
  }

  test.each(SORTS.flatMap((sort) => Object.keys(FILTERS).map((filter) => [sort, filter] as const)))(
    'a page sorted by %s of %s reads no table from end to end',
    async (sort, filter) => {
      const query = { ...FILTERS[filter]?.(), sort, limit: 200 };
      const first = await db.images.list(world.head, query);
      expect(first.items).toHaveLength(200);
      const { images, plans } = explaining();
      await images.list(world.head, { ...query, cursor: first.next_cursor });
      expect(plans).toEqual([expect.stringContaining('Index')]);
      // Nobody is at work here: a table of one page is read as it is.
      expect(plans[0]?.replaceAll('Seq Scan on image_locks', '')).not.toContain('Seq Scan');
    },
  );
});
