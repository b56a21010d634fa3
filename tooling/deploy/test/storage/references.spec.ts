import { createTestDatabases, type TestDatabases } from '@labelyard/db/testing';
import { compareBytewise } from '@labelyard/storage';
import { readReferences } from '../../src/storage/references/read-references.js';
import { collect } from './two-sides.js';
import pg from 'pg';

let databases: TestDatabases;
const signal = new AbortController().signal;

/** Paths whose thumbnails sort otherwise than they do, and that only bytes put in order. */
const PATHS = ['a', 'a.b', 'a/b', 'ü', '\u{ffee}', '\u{1f600}', 'Z', '강아지'];

beforeAll(async () => {
  databases = await createTestDatabases();
  const client = new pg.Client({ connectionString: databases.labelerUrl });
  await client.connect();
  const query = (sql: string, values: unknown[] = []) => client.query(sql, values);
  try {
    await query(`insert into datasets (id, name, owner_id) select n, 'd' || n, 'u' from unnest(array[1, 2, 10]) n`);
    await query(
      `insert into annotation_projects (id, dataset_id, name, task_types) select id, id, name, '{detection}' from datasets`,
    );
    await query(
      `insert into image_metadata (dataset_id, path, width, height, size_bytes, sha256, content_type, uploaded_by, thumbnail_state)
        select d.id, p, 1, 1, 5, repeat('a', 64), 'image/png', 'u', case when p = 'Z' then 'pending' else 'ready' end
        from datasets d, unnest($1::text[]) p`,
      [PATHS],
    );
    // Deleted: where it was, under a key of its own because another one took its place, and one whose time is over.
    await query(
      `insert into deleted_images (image_id, project_id, dataset_id, deletion_id, deleted_by, expires_at, path, width, height,
          size_bytes, sha256, content_type, thumbnail_state, annotation_count, comment_count, image)
        select 100 + n, 1, 1, gen_random_uuid(), 'u', now() + case when p = 'over' then '-1 day' else '1 day' end::interval, p, 1, 1,
          6, repeat('c', 64), 'image/png', 'ready', 0, 0, '{}'
        from unnest(array['gone', 'a', 'over']) with ordinality as x (p, n)`,
    );
    await query(`insert into kept_pictures (image_id, sha256, dataset_id, size_bytes, content_type)
      values (102, repeat('c', 64), 1, 6, 'image/png')`);
    await query(`update datasets set deleted_at = now() where id = 2`);
    await query(
      `insert into exports (project_id, format, status, storage_key, size_bytes, sha256, created_by)
        values (1, 'coco', 'completed', '1/exports/1/coco.json', 9, repeat('b', 64), 'u'),
          (1, 'coco', 'expired', '1/exports/2/coco.json', 9, repeat('b', 64), 'u')`,
    );
  } finally {
    await client.end();
  }
}, 90_000);
afterAll(() => databases.close());

test('every image and thumbnail, in the order in which a bucket lists them', async () => {
  const found = await collect(
    readReferences({ url: databases.labelerUrl, applicationName: 'test' }, 'datasets', signal),
  );
  const keys = found.map(({ key }) => key);
  const places = ['gone', 'over'].flatMap((path) => [`1/images/${path}`, `1/thumbnails/${path}.jpg`]);
  const kept = `1/kept/102/${'c'.repeat(64)}`;
  expect(keys).toEqual(
    [1, 2, 10]
      .flatMap((id) => PATHS.flatMap((path) => [`${id}/images/${path}`, `${id}/thumbnails/${path}.jpg`]))
      .concat(places, kept)
      .sort(compareBytewise),
  );
  expect(found.find(({ key }) => key === '1/images/a')).toEqual({
    key: '1/images/a',
    kind: 'image',
    owner: 1,
    required: true,
    size: 5,
    sha256: 'a'.repeat(64),
    content_type: 'image/png',
  });
  const optional = found.filter(({ required }) => !required).map(({ key }) => key);
  expect(optional).toEqual(keys.filter((key) => key.startsWith('2/') || key.endsWith('thumbnails/Z.jpg') || places.slice(1).includes(key))); // prettier-ignore
});

test('exports that can still be downloaded are required, others are not', async () => {
  const found = await collect(
    readReferences({ url: databases.labelerUrl, applicationName: 'test' }, 'annotations', signal),
  );
  expect(found.map(({ key, required }) => [key, required])).toEqual([
    ['1/exports/1/coco.json', true],
    ['1/exports/2/coco.json', false],
  ]);
});
