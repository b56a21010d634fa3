import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportJob } from '@labelyard/contract';
import { canonicalGeometryJson } from '@labelyard/domain';
import { createTestApp, JWT_SECRET, type TestApp } from './app.factory.js';

/** Workers are processes of their own here, started from what `pnpm build` made. */
const MAIN = join(import.meta.dirname, '..', 'dist', 'main.js');
// eslint-disable-next-line no-restricted-syntax -- how the tests are run, not how the API is
const ROUNDS = Number(process.env.EXPORT_KILLS ?? 2);
/** Some 40 MB: five parts. */
const ROWS = 30_000;
/** An export of this size takes about a second. */
const LATEST_MS = 1_500;

const described = existsSync(MAIN) ? describe : describe.skip;
if (!existsSync(MAIN)) process.stdout.write('The API is not built: killing workers is skipped\n');

described('a worker that is killed while it exports', () => {
  let api: TestApp;
  let folder: string;
  let worker: ChildProcess | null = null;
  let project_id: number;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labelyard-kill-'));
    api = await createTestApp({ env: { PROCESS_ROLE: 'api', DISK_ROOT: folder } });
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
  afterAll(async () => {
    worker?.kill('SIGKILL');
    await api.close();
    await rm(folder, { recursive: true, force: true });
  });

  const startWorker = async () => {
    worker = spawn(process.execPath, [MAIN], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ENVIRONMENT: 'test',
        PROCESS_ROLE: 'worker',
        LABELER_DB_URL: api.databaseUrls.labeler,
        USER_DB_URL: api.databaseUrls.user,
        DB_SSL: 'disable',
        STORAGE_DRIVER: 'disk',
        DISK_ROOT: folder,
        DISK_PUBLIC_URL: api.url,
        JWT_SECRET,
        PORT: '0',
        LOG_LEVEL: 'info',
      },
    });
    await once(worker.stdout as NodeJS.ReadableStream, 'data');
  };
  const kill = async () => {
    const dead = once(worker as ChildProcess, 'exit');
    worker?.kill('SIGKILL');
    await dead;
    worker = null;
  };
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
  const objects = async () => {
    const keys: string[] = [];
    for await (const { key } of api.storage.annotations.list(`${project_id}/exports/`)) keys.push(key);
    return keys;
  };
  const unfinishedUploads = async () =>
    (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('upload.json'));

  test(`${ROUNDS} times at random points: no half export, nothing left behind, and in the end the same bytes`, async () => {
    await startWorker();
    const reference = await settled((await begin()).id);
    expect(reference).toMatchObject({ status: 'completed', report: { counts: { annotations: ROWS } } });
    const done = new Map([[reference.id, reference.key]]);
    let interrupted = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await begin();
      // The points differ from round to round and cover the whole of the work.
      await new Promise((resolve) => setTimeout(resolve, ((round + Math.random()) / ROUNDS) * LATEST_MS));
      await kill();
      const found = await get(id);
      if (found.status !== 'completed') interrupted += 1;
      expect(found.download_url === null).toBe(found.status !== 'completed');
      await startWorker();
      const job = await settled(id);
      expect(job).toMatchObject({ status: 'completed', sha256: reference.sha256, size_bytes: reference.size_bytes });
      done.set(id, job.key);
      expect((await objects()).sort()).toEqual([...done.values()].sort());
      expect(await unfinishedUploads()).toEqual([]);
    }
    process.stdout.write(`${interrupted} of ${ROUNDS} exports were interrupted\n`);

    // Cancelled while its worker is dead: what it left goes with the next clean-up.
    const { id } = await begin();
    while ((await get(id)).status === 'queued') await new Promise((resolve) => setTimeout(resolve, 10));
    await kill();
    await api.as(api.owner).post(`/api/v1/exports/${id}/cancel`);
    await startWorker();
    while (!(await api.db.sql.one('select from exports where id = $1 and cleaned_at is not null', [id]))) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect((await objects()).sort()).toEqual([...done.values()].sort());
    expect(await unfinishedUploads()).toEqual([]);
    await kill();
  }, 600_000);
});
