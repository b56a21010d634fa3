import type { ExportJob } from '@labelyard/contract';
import { canonicalGeometryJson } from '@labelyard/domain';
import type { TestApp } from './app.factory.js';
import { KILLS } from './env.js';
import { MortalWorker } from './mortal-worker.js';
import { storedKeys } from './stored-keys.js';

const ROUNDS = KILLS.export;
/** Some 40 MB: five parts. */
const ROWS = 30_000;

describe('a worker that is killed while it exports', () => {
  let api: TestApp;
  let worker: MortalWorker;
  let project_id: number;
  beforeAll(async () => {
    worker = await MortalWorker.open();
    ({ api } = worker);
    const dataset = await api.newDataset({ task_types: ['segmentation'] });
    project_id = dataset.project_id;
    const [image] = await api.db.images.insertMany(dataset.id, api.owner.id, 'skip', [
      { path: 'a.png', content_type: 'image/png', width: 1_000, height: 1_000, size_bytes: 10, sha256: 'a'.repeat(64) },
    ]);
    const label = await api.db.classes.create(project_id, { task_type: 'segmentation', name: 'leaf' });
    const ring = Array.from({ length: 90 }, (_, n) => {
      const angle = (n / 90) * 2 * Math.PI;
      return [
        500 + Math.round(40_000 * Math.cos(angle)) / 100,
        500 + Math.round(40_000 * Math.sin(angle)) / 100,
      ] as const;
    });
    await api.db.sql.run(
      `insert into annotations (project_id, image_id, class_id, task_type, annotation_type, bbox_x, bbox_y, bbox_w, bbox_h, area,
          created_by, updated_by, geometry)
        select $1, $2, $3, 'segmentation', 'polygon', 100, 100, 800, 800, 500000, $4, $4, $5::json from generate_series(1, ${ROWS})`,
      [
        project_id,
        image?.image.id,
        label.id,
        api.owner.id,
        canonicalGeometryJson({ type: 'polygon', polygons: [[ring, []]] }),
      ],
    );
  });
  afterAll(() => worker.close());

  const begin = async () =>
    (await api.as(api.owner).post('/api/v1/export').set('prefer', 'wait=0').send({ project_id, format: 'coco' }))
      .body as ExportJob;
  const get = async (id: number) => (await api.as(api.owner).get(`/api/v1/exports/${id}`)).body as ExportJob;
  const settled = async (id: number): Promise<ExportJob> => {
    for (;;) {
      const job = await get(id);
      if (!['queued', 'running'].includes(job.status)) return job;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  /** Cancels an export whose worker was killed in the middle of it. One that was finished sooner than it was killed is no such. */
  const cancelledWhileDead = async (finished: (job: ExportJob) => void): Promise<number> => {
    for (;;) {
      const { id } = await begin();
      while ((await get(id)).status === 'queued') await new Promise((resolve) => setTimeout(resolve, 10));
      await worker.kill();
      const answer = await api.as(api.owner).post(`/api/v1/exports/${id}/cancel`);
      if (answer.status === 200) return id;
      expect(answer.body.error.code).toBe('closed');
      finished(await get(id));
      await worker.start();
    }
  };
  const objects = () => storedKeys(api.storage.annotations, `${project_id}/exports/`);

  test(
    `${ROUNDS} times at random points: no half export, nothing left behind, and in the end the same bytes`,
    async () => {
      await worker.start();
      const begun = performance.now();
      const reference = await settled((await begin()).id);
      const whole_ms = performance.now() - begun;
      expect(reference).toMatchObject({ status: 'completed', report: { counts: { annotations: ROWS } } });
      const done = new Map([[reference.id, reference.key]]);
      let interrupted = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const { id } = await begin();
        // The points differ from round to round and cover the whole of the work.
        await new Promise((resolve) => setTimeout(resolve, ((round + Math.random()) / ROUNDS) * whole_ms));
        await worker.kill();
        const found = await get(id);
        if (found.status !== 'completed') interrupted += 1;
        expect(found.download_url === null).toBe(found.status !== 'completed');
        await worker.start();
        const job = await settled(id);
        expect(job).toMatchObject({ status: 'completed', sha256: reference.sha256, size_bytes: reference.size_bytes });
        done.set(id, job.key);
        expect((await objects()).sort()).toEqual([...done.values()].sort());
        expect(await worker.abandonedUploads()).toEqual([]);
      }
      process.stdout.write(`${interrupted} of ${ROUNDS} exports were interrupted\n`);

      // Cancelled while its worker is dead: what it left goes with the next clean-up.
      const id = await cancelledWhileDead(({ id: sooner, key }) => void done.set(sooner, key));
      await worker.start();
      while (!(await api.db.sql.one('select from exports where id = $1 and cleaned_at is not null', [id]))) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect((await objects()).sort()).toEqual([...done.values()].sort());
      expect(await worker.abandonedUploads()).toEqual([]);
      await worker.kill();
    },
    120_000 + ROUNDS * 90_000,
  );
});
