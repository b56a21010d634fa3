import type { TaskSplit } from '@labelyard/contract';
import { MAX_IMAGES_SPLIT_AT_ONCE } from '@labelyard/domain';
import type { TestApp } from './app.factory.js';
import { insertImages } from './many-images.js';
import { MortalWorker } from './mortal-worker.js';
import { until } from './until.js';

const IMAGES = MAX_IMAGES_SPLIT_AT_ONCE + 2;

describe('a worker that is killed while it splits', () => {
  let worker: MortalWorker;
  let api: TestApp;
  beforeAll(async () => {
    worker = await MortalWorker.open();
    ({ api } = worker);
  });
  afterAll(() => worker.close());

  const found = (project_id: number) =>
    api.db.sql.one(
      `select (select count(*) from annotation_tasks where project_id = $1) as tasks, count(task_id) as placed
        from image_statuses where project_id = $1`,
      [project_id],
    );

  test('half way: no task of it is there, and the next worker does all of it', async () => {
    const { id, project_id } = await api.newDataset({ task_types: ['detection'] });
    await insertImages(api, id, IMAGES);
    await worker.start();
    let split: TaskSplit | null = null;
    const state = async () => (await api.as(api.owner).get(`/api/v1/splits/${split?.id}`)).body as TaskSplit;
    // Somebody holds the last image: the worker goes round it, with the others in their tasks.
    await api.db.transaction(async (tx) => {
      await tx.sql.run(`select from image_statuses where project_id = $1 order by image_id desc limit 1 for update`, [
        project_id,
      ]);
      const body = { task_type: 'detection', name: 'Batch', rule: { by: 'count', count: 3 } };
      const answer = await api.as(api.owner).post(`/api/v1/projects/${project_id}/tasks`).send(body);
      ({ split } = answer.body as { split: TaskSplit });
      expect(await until(state, ({ done }) => done === IMAGES - 1)).toMatchObject({
        status: 'running',
        images: IMAGES,
      });
      await worker.kill();
    });
    expect(await found(project_id)).toEqual({ tasks: 0, placed: IMAGES - 1 });
    await worker.start();
    expect(await until(state, ({ status }) => status === 'completed', 60_000)).toMatchObject({
      ...{ status: 'completed', images: IMAGES, tasks: 3 },
    });
    expect(await found(project_id)).toEqual({ tasks: 3, placed: IMAGES });
  }, 120_000);
});
