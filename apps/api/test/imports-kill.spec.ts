import type { TestApp } from './app.factory.js';
import { cocoOf, ImportHands } from './import-desk.js';
import { jpeg } from './picture-factory.js';
import { KILLS } from './env.js';
import { MortalWorker } from './mortal-worker.js';

const ROUNDS = KILLS.import;
const BOXES = 20_000;
/** An import of this size takes about two seconds. */
const LATEST_MS = 2_500;

describe('a worker that is killed', () => {
  let api: TestApp;
  let worker: MortalWorker;
  beforeAll(async () => {
    worker = await MortalWorker.open();
    ({ api } = worker);
  });
  afterAll(() => worker.close());

  test(
    `${ROUNDS} times at random points: all of an import or nothing of it, and in the end all of it`,
    async () => {
      const sizes = Object.fromEntries(Array.from({ length: 50 }, (_, n) => [`${n}.jpg`, [1_000, 1_000] as const]));
      const text = cocoOf(
        sizes,
        Array.from({ length: BOXES }, (_, n) => [`${n % 50}.jpg`, `class ${n % 7}`, n % 900, n % 800, 50, 40] as const),
      );
      const picture = await jpeg(1_000, 1_000);
      for (let round = 0; round < ROUNDS; round += 1) {
        const hands = new ImportHands(api, await api.newDataset());
        const upload = await hands.zip([
          { path: 'instances.json', bytes: text },
          ...Object.keys(sizes).map((path) => ({ path: `images/${path}`, bytes: picture })),
        ]);
        await worker.start();
        const begun = await hands.begin(upload, { dry_run: false });
        // The points differ from round to round and cover the whole of the work.
        await new Promise((resolve) => setTimeout(resolve, ((round + Math.random()) / ROUNDS) * LATEST_MS));
        await worker.kill();
        const seen = async () =>
          api.db.sql.one<{ annotations: number; images: number; classes: number }>(
            `select (select count(*) from annotations where project_id = $1) as annotations,
            (select count(*) from image_metadata where dataset_id = $2) as images,
            (select count(*) from classes where project_id = $1) as classes`,
            [hands.dataset.project_id, hands.dataset.id],
          );
        const whole = { annotations: BOXES, images: 50, classes: 7 };
        // What the dead session had open is rolled back within moments.
        const { status } = await hands.get(begun.id);
        expect(await seen()).toEqual(status === 'completed' ? whole : { annotations: 0, images: 0, classes: 0 });
        await worker.start();
        expect(await hands.settled(begun)).toMatchObject({ status: 'completed', result: { annotations: BOXES, images: 50 } }); // prettier-ignore
        expect(await seen()).toEqual(whole);
        const counted = await hands.images();
        expect(counted.reduce((sum, { annotation_count }) => sum + annotation_count, 0)).toBe(BOXES);
        await worker.kill();
      }
    },
    120_000 + ROUNDS * 90_000,
  );
});
