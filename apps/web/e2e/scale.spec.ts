import { MAX_OPERATIONS, type Operation } from '@labelyard/contract';
import { randomUUID } from 'node:crypto';
import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { WorkbenchPage } from './pages/workbench-page';
import { photo } from './pictures/photo';
import { savedLabels } from './saved-labels';

const COUNT = 10_000;
const [WIDTH, HEIGHT] = [4_000, 3_000];

test('an image with 10,000 polygons opens and can be labeled', async ({ page, owner }) => {
  const files = [{ name: 'crowded.jpg', bytes: await photo({ width: WIDTH, height: HEIGHT }) }];
  const { dataset, classes, images } = await makeDataset(owner, {
    name: 'Crowded',
    classes: { segmentation: ['cell'] },
    files,
  });
  const image_id = images[0]!.id;
  const cells = Array.from({ length: COUNT }, (_, i): Operation => {
    const [x, y] = [(i % 100) * 40 + 4, Math.floor(i / 100) * 30 + 4];
    const ring = Array.from({ length: 12 }, (_vertex, k): [number, number] => [
      x + 14 + 13 * Math.cos((k * Math.PI) / 6),
      y + 11 + 10 * Math.sin((k * Math.PI) / 6),
    ]);
    return {
      op: 'create',
      op_id: randomUUID(),
      task_type: 'segmentation',
      class_id: classes[0]!.id,
      geometry: { type: 'polygon', polygons: [[ring, []]] },
    };
  });
  for (let from = 0; from < COUNT; from += MAX_OPERATIONS)
    await owner.api('annotations.operations', {
      params: { project_id: dataset.project_id, image_id },
      body: { operations: cells.slice(from, from + MAX_OPERATIONS) },
    });

  const bench = new WorkbenchPage(page);
  await bench.open(dataset.id);
  await expect(bench.labelCount).toHaveText(/^10[,.]?000$/u);

  await bench.tool('Polygon');
  const ring = await bench.drawPolygon([
    [1_000, 1_000],
    [1_400, 1_050],
    [1_200, 1_500],
  ]);
  await expect(bench.labelCount).toHaveText(/^10[,.]?001$/u);
  await bench.saved();
  const last = (await savedLabels(owner, dataset.project_id, image_id)).at(-1);
  expect(last?.geometry).toEqual({ type: 'polygon', polygons: [[ring, []]] });

  // One of the many can still be picked and deleted.
  await bench.tool('Select');
  await bench.click([18, 15]);
  await page.keyboard.press('Delete');
  await expect(bench.labelCount).toHaveText(/^10[,.]?000$/u);
  await bench.saved();
});
