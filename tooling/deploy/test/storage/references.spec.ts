import { createTestDatabases, type TestDatabases } from '@labelyard/db/testing';
import type { BucketName } from '../../src/ends/open-ends.js';
import type { Reference } from '../../src/storage/references/reference.js';
import { readReferences } from '../../src/storage/references/read-references.js';

let databases: TestDatabases;
beforeAll(async () => {
  databases = await createTestDatabases();
  const { sql } = databases.labeler;
  await sql.run(`insert into datasets (name, owner_id) values ('birds', 'u')`);
  await sql.run(
    `insert into annotation_projects (dataset_id, name, task_types) select id, name, '{detection}' from datasets`,
  );
  // Names whose order by bytes is another one than by language.
  await sql.run(`insert into image_metadata
    (dataset_id, path, width, height, size_bytes, sha256, content_type, thumbnail_state, uploaded_by)
    select id, path, 1, 1, 3, repeat('a', 64), 'image/png', state, 'u'
    from datasets, (values ('b.png', 'ready'), ('B.png', 'pending'), ('ä/é.png', 'ready'), ('a b.png', 'ready')) v(path, state)`);
  await sql.run(`insert into exports (project_id, format, status, storage_key, size_bytes, sha256, created_by)
    select id, 'coco', 'completed', id || '/exports/1/coco_20260101.json', 9, repeat('b', 64), 'u' from annotation_projects`);
});
afterAll(() => databases.close());

async function all(bucket: BucketName): Promise<Reference[]> {
  const found: Reference[] = [];
  const options = { url: databases.labelerUrl, applicationName: 'test' };
  for await (const reference of readReferences(options, bucket, new AbortController().signal)) found.push(reference);
  return found;
}

test('images and thumbnails come by the bytes of their keys, with what the database knows of them', async () => {
  const found = await all('datasets');
  const names = ['B.png', 'a b.png', 'b.png', 'ä/é.png'];
  expect(found.map(({ key }) => key.replace(/^\d+\//u, ''))).toEqual([
    ...names.map((name) => `images/${name}`),
    ...names.map((name) => `thumbnails/${name}.jpg`),
  ]);
  expect(found[0]).toMatchObject({ kind: 'image', required: true, size: 3, sha256: 'a'.repeat(64) });
  expect(found.filter(({ required }) => !required).map(({ key }) => key)).toEqual([
    expect.stringContaining('thumbnails/B.png.jpg'),
  ]);
});

test('exports come with their hash', async () => {
  const found = await all('annotations');
  expect(found).toMatchObject([{ kind: 'export', required: true, size: 9, sha256: 'b'.repeat(64) }]);
});
