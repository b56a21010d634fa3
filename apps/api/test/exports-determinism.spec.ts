import { createHash, randomUUID } from 'node:crypto';
import { EXPORT_FORMATS, exportCreateBody, type ExportFormat } from '@labelyard/contract';
import type { LabelerDb, VersionRow } from '@labelyard/db';
import { createTestDatabases, type TestDatabases } from '@labelyard/db/testing';
import { canonicalGeometryJson, geometryArea, geometryBounds, type Geometry } from '@labelyard/domain';
import { exportOutput } from '../src/exports/export-output.js';
import { choicesOf, planExport } from '../src/exports/export-plan.js';
import { createTestApp, type TestApp } from './app.factory.js';
import { jpeg } from './picture-factory.js';

const TASKS = ['detection', 'segmentation', 'keypoint'] as const;
/** In an order in which no row refers to one that is not there yet. */
const TABLES = [
  'datasets',
  'annotation_projects',
  'image_metadata',
  'classes',
  'annotations',
  'annotation_history',
  'annotation_versions',
  'version_images',
];

/** Rows as text and back, as a dump does, into tables that other rows came and went in before. */
async function copy(from: LabelerDb, to: LabelerDb): Promise<void> {
  await to.transaction(async (tx) => {
    // As a restore does: what triggers keep is copied, not counted again.
    await tx.sql.run('set local session_replication_role = replica');
    for (const table of TABLES) {
      const columns = await from.sql.rows<{ name: string }>(
        `select quote_ident(attname) as name from pg_attribute
          where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attname`,
        [table],
      );
      const names = columns.map(({ name }) => name).join(', ');
      // Backwards: the order in which rows lie on the disk must not matter.
      const found = await from.sql.one<{ rows: string | null }>(
        `select json_agg(r order by to_jsonb(r)->>'id' desc)::text as rows from ${table} r`,
      );
      await tx.sql.run(
        `insert into ${table} (${names}) overriding system value
          select ${names} from json_populate_recordset(null::${table}, $1::json)`,
        [found?.rows ?? '[]'],
      );
    }
  });
}

let api: TestApp;
let restored: TestDatabases;
let project_id: number;
let version: VersionRow;
beforeAll(async () => {
  api = await createTestApp({ env: { PROCESS_ROLE: 'api' } });
  restored = await createTestDatabases();
  const dataset = await api.newDataset({ name: 'Überall gleich', task_types: TASKS });
  project_id = dataset.project_id;
  let form = api.as(api.owner).post(`/api/v1/datasets/${dataset.id}/images`);
  for (let n = 0; n < 6; n += 1) form = form.attach('files', await jpeg(100 + n, 80), `Bild ${n}.jpg`);
  const images = (await form).body.items as { id: number }[];
  const classes = await Promise.all(
    TASKS.map((task_type) =>
      api.db.classes.create(project_id, {
        task_type,
        name: task_type,
        ...(task_type === 'keypoint' && { keypoints: ['a', 'b'] }),
      }),
    ),
  );
  const shapes: Geometry[] = [
    { type: 'bbox', bbox: [1.25, 2.5, 30.1, 7] },
    { type: 'polygon', polygons: [[[[1, 1], [50.3, 2], [20, 60.7]], [[[8, 6], [12, 6], [12, 9]]]]] }, // prettier-ignore
    { type: 'keypoints', points: [[5.5, 6, 2], [0, 0, 0]] }, // prettier-ignore
  ];
  for (const { id } of images.reverse()) {
    for (const [n, geometry] of shapes.entries()) {
      const [x, y, w, h] = geometryBounds(geometry) ?? [];
      await api.db.sql.run(
        `insert into annotations (project_id, image_id, class_id, task_type, annotation_type, bbox_x, bbox_y, bbox_w, bbox_h, area,
            created_by, updated_by, geometry, attributes, confidence)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12::json, $13::jsonb, 0.1)`,
        [project_id, id, classes[n]?.id, TASKS[n], geometry.type, x, y, w, h, geometryArea(geometry), api.owner.id, canonicalGeometryJson(geometry), '{"z":1,"a":"ü"}'], // prettier-ignore
      );
    }
  }
  version = await publish();
  // One of its annotations is in the history by now, one image with its annotations is gone.
  const ids = images.map(({ id }) => id);
  await api.db.annotations.confirmImage({ project_id, image_id: ids[0]!, user_id: api.owner.id }, 'detection');
  const going = { ...{ project_id, dataset_id: dataset.id, user_id: api.owner.id }, held: 'refuse' } as const;
  await api.db.deletedImages.delete({ ...going, deletion_id: randomUUID() }, ids.slice(1, 2));
  await copy(api.db, restored.labeler);
});

/** What a job does, without the file. */
async function publish(): Promise<VersionRow> {
  const options = { include_drafts: true, shares: { train: 2, val: 1, test: 1 } };
  const { id } = await api.db.versions.create({ project_id, note: '', options, created_by: api.owner.id });
  await api.db.versions.freeze(id);
  const counts = { images: 6, annotations: 18, by_class: [], by_kind: {}, by_state: {}, by_split: {} };
  const manifest = { format: 'dice', format_version: '1.0', counts };
  await api.db.versions.publish(id, { storage_key: 'a', size_bytes: 1, sha256: 'a'.repeat(64), manifest });
  return (await api.db.versions.get(id)) as VersionRow;
}
afterAll(async () => {
  await api?.close();
  await restored?.close();
});

async function hashOf(
  db: LabelerDb,
  format: ExportFormat,
  day: string,
  include_images: boolean,
  of: VersionRow | null,
): Promise<string> {
  const body = exportCreateBody.parse({ project_id, format, include_images });
  const choices = choicesOf(body, TASKS, of);
  const plan = planExport({ project_id, format, created_at: day }, choices, TASKS);
  await using content = await db.openExport(plan.filter);
  const { signal } = new AbortController();
  const output = await exportOutput({ content, plan, choices, pictures: api.storage.datasets, signal });
  const hash = createHash('sha256');
  for await (const chunk of output.chunks) hash.update(chunk);
  const report = await output.report();
  expect(report.counts.images).toBe(of ? 6 : 5);
  return hash.update(JSON.stringify(report)).digest('hex');
}

/** Runs `work` on another day. */
async function later(work: () => Promise<void>): Promise<void> {
  const Today = Date;
  const ahead = Date.UTC(2031, 5, 15) - Date.now();
  globalThis.Date = class extends Today {
    constructor(value: number | string | Date = Today.now() + ahead) {
      super(value);
    }
    static override now(): number {
      return Today.now() + ahead;
    }
  } as DateConstructor;
  try {
    await work();
  } finally {
    globalThis.Date = Today;
  }
}

describe.each(
  (['the working copy', 'a version'] as const).flatMap((of) =>
    [false, true].map((include_images) => ({ of, include_images })),
  ),
)('$of, with images: $include_images', ({ of, include_images }) => {
  test.each(EXPORT_FORMATS)(
    '%s: the same bytes and report on another day, and from a restored database',
    async (format) => {
      const source = of === 'a version' ? version : null;
      const first = await hashOf(api.db, format, '2026-01-31T23:59:59.000Z', include_images, source);
      await later(async () => {
        expect(new Date().getUTCFullYear()).toBeGreaterThan(2030);
        expect(await hashOf(api.db, format, '2031-06-15T12:00:00.000Z', include_images, source)).toBe(first);
        expect(await hashOf(restored.labeler, format, '2031-06-15T12:00:00.000Z', include_images, source)).toBe(first);
      });
    },
  );
});
