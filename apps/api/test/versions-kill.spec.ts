import { createHash } from 'node:crypto';
import type { Version } from '@labelyard/contract';
import { canonicalGeometryJson } from '@labelyard/domain';
import type { TestApp } from './app.factory.js';
import { KILLS } from './env.js';
import { MortalWorker } from './mortal-worker.js';
import { storedKeys } from './stored-keys.js';

const ROUNDS = KILLS.version;
const IMAGES = 100;
/** Some 10 MB: two parts. */
const LABELS_PER_IMAGE = 100;

describe('a worker that is killed while it publishes', () => {
  let api: TestApp;
  let worker: MortalWorker;
  let project_id: number;
  beforeAll(async () => {
    worker = await MortalWorker.open();
    ({ api } = worker);
    const dataset = await api.newDataset({ task_types: ['segmentation'] });
    project_id = dataset.project_id;
    const images = Array.from({ length: IMAGES }, (_, n) => ({
      ...{ path: `${n}.png`, content_type: 'image/png', width: 1_000, height: 1_000, size_bytes: 10 },
      sha256: 'a'.repeat(64),
    }));
    await api.db.images.insertMany(dataset.id, api.owner.id, 'skip', images);
    const label = await api.db.classes.create(project_id, { task_type: 'segmentation', name: 'leaf' });
    const ring = Array.from({ length: 30 }, (_, n) => [500 + ((n * 37) % 400), 100 + n * 20] as const);
    await api.db.sql.run(
      `insert into annotations (project_id, image_id, class_id, task_type, annotation_type, bbox_x, bbox_y, bbox_w, bbox_h, area,
          created_by, updated_by, geometry, state)
        select $1, i.id, $2, 'segmentation', 'polygon', 100, 100, 800, 800, 5000, $3, $3, $4::json, 'confirmed'
        from image_metadata i cross join generate_series(1, ${LABELS_PER_IMAGE}) where i.dataset_id = $5`,
      [
        project_id,
        label.id,
        api.owner.id,
        canonicalGeometryJson({ type: 'polygon', polygons: [[ring, []]] }),
        dataset.id,
      ],
    );
  });
  afterAll(() => worker.close());

  const get = async (id: number) => (await api.as(api.owner).get(`/api/v1/versions/${id}`)).body as Version;
  const publish = async () =>
    (await api.as(api.owner).post(`/api/v1/projects/${project_id}/versions`).send({})).body as Version;
  const settled = async (id: number): Promise<Version> => {
    for (;;) {
      const version = await get(id);
      if (!['queued', 'building'].includes(version.status)) return version;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  const objects = () => storedKeys(api.storage.annotations, `${project_id}/exports/`);
  /** Versions that say of themselves that they are there, and what they name. */
  const seen = async () =>
    api.db.sql.rows<{ storage_key: string; sha256: string }>(
      `select storage_key, sha256 from annotation_versions where project_id = $1 and status = 'published' order by number`,
      [project_id],
    );

  test(
    `${ROUNDS} times at random points: no half version, no link without its file, and in the end all that was frozen`,
    async () => {
      await worker.start();
      const began = performance.now();
      const reference = await settled((await publish()).id);
      // As long as it takes on this machine at this hour, so that the points cover the whole of the work.
      const whole_ms = performance.now() - began;
      expect(reference.status).toBe('published');
      await worker.kill();
      const killed_when: Record<string, number> = {};
      for (let round = 0; round < ROUNDS; round += 1) {
        await worker.start();
        const { id, number } = await publish();
        expect(number).toBe(round + 2);
        // The points differ from round to round and cover the whole of the work.
        await new Promise((resolve) => setTimeout(resolve, ((round + Math.random()) / ROUNDS) * whole_ms));
        await worker.kill();
        const found = await get(id);
        killed_when[found.status] = (killed_when[found.status] ?? 0) + 1;
        if (found.status !== 'published') {
          expect(found).toMatchObject({ download_url: null, sha256: null, is_latest: false });
          expect(await seen()).toHaveLength(round + 1);
        }
        await worker.start();
        const version = await settled(id);
        expect(version).toMatchObject({ status: 'published', number: round + 2, is_latest: true });
        const { images, annotations } = version.manifest!.counts;
        expect([images, annotations]).toEqual([IMAGES, IMAGES * LABELS_PER_IMAGE]);
        const bytes = Buffer.from(await (await fetch(version.download_url ?? '')).arrayBuffer());
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(version.sha256);
        expect(await worker.abandonedUploads()).toEqual([]);
        expect(await objects()).toEqual((await seen()).map(({ storage_key }) => storage_key).sort());
        await worker.kill();
      }
      process.stdout.write(`Killed while the version was: ${JSON.stringify(killed_when)}\n`);
    },
    120_000 + ROUNDS * 90_000,
  );
});
