import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { DatasetPage } from './pages/dataset-page';
import { photo } from './pictures/photo';
import { unzipped } from './unzipped';

const SHOTS = join(import.meta.dirname, '..', 'reports', 'screenshots');

test('export YOLO and Pascal VOC with images: seen before, downloaded, opened, repeated, deleted', async ({
  page,
  owner,
}) => {
  mkdirSync(SHOTS, { recursive: true });
  const files = await Promise.all(
    Array.from({ length: 4 }, async (_, n) => ({
      name: `${n}.jpg`,
      bytes: await photo({ width: 200, height: 100, seed: n }),
    })),
  );
  const { dataset, classes, images } = await makeDataset(owner, {
    name: 'Exports',
    classes: { detection: ['car', 'bus'], segmentation: ['road'] },
    files,
  });
  for (const { id } of images.slice(0, 3)) {
    const create = { op: 'create', op_id: crypto.randomUUID() } as const;
    await owner.api('annotations.operations', {
      params: { project_id: dataset.project_id, image_id: id },
      body: {
        operations: [
          {
            ...create,
            task_type: 'detection',
            class_id: classes[1]!.id,
            geometry: { type: 'bbox', bbox: [20, 10, 100, 50] },
          },
          {
            ...create,
            op_id: crypto.randomUUID(),
            task_type: 'segmentation',
            class_id: classes[2]!.id,
            geometry: { type: 'polygon', polygons: [[[[10, 10], [150, 10], [90, 90]], []]] }, // prettier-ignore
          },
        ],
      },
    });
  }
  await page.goto(`/datasets/${dataset.id}/exports`);
  const at = new DatasetPage(page);
  const ahead = page.getByRole('region', { name: 'What will be in it' });
  await expect(ahead.getByText('4 images · 6 annotations')).toBeVisible();

  await page.getByRole('radio', { name: 'YOLO (Ultralytics)' }).check({ force: true });
  await expect(ahead.getByText('A YOLO dataset holds one kind of rows, and this is another one.')).toBeVisible();
  await page.getByRole('radio', { name: 'Classification' }).click();
  await expect(page.getByText('A classification dataset consists of folders of')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Export', exact: true })).toBeDisabled();
  await page.getByRole('radio', { name: 'Detection' }).click();
  await page.getByRole('checkbox', { name: 'Include the images' }).check();
  await page.getByRole('checkbox', { name: 'Only annotated images' }).check();
  await expect(ahead.getByText(/^3 images · 6 annotations/u)).toBeVisible();
  await page.screenshot({ path: join(SHOTS, 'export-form.png'), fullPage: true });

  const yolo = await at.export();
  await expect(yolo.getByText('Passed')).toBeVisible();
  await page.screenshot({ path: join(SHOTS, 'export-report.png'), fullPage: true });
  const archive = await at.download(yolo);
  expect(archive.name).toMatch(/^yolo_\d{8}\.zip$/u);
  const inside = await unzipped(archive.bytes);
  const labels = [...inside].filter(([path]) => path.startsWith('labels/'));
  expect(labels.map(([, bytes]) => bytes.toString())).toEqual(Array(3).fill('1 0.350000 0.350000 0.500000 0.500000\n'));
  // Which split an image falls into depends on its project's id: by name, not by folder.
  const pictures = new Map(
    [...inside]
      .filter(([path]) => path.startsWith('images/'))
      .map(([path, bytes]) => [path.split('/').at(-1) ?? '', bytes]),
  );
  expect([...pictures.keys()].sort()).toEqual(['0.jpg', '1.jpg', '2.jpg']);
  expect(pictures.get('0.jpg')?.equals(files[0]!.bytes)).toBe(true);
  expect(inside.get('data.yaml')?.toString()).toMatch(/names:\s+0: "?car"?\s+1: "?bus"?/u);

  await page.getByRole('radio', { name: 'Pascal VOC' }).check({ force: true });
  await page.getByRole('checkbox', { name: 'Segmentation masks' }).check();
  const voc = await at.export();
  const kit = await unzipped((await at.download(voc)).bytes);
  const xml = kit.get('VOCdevkit/VOC2012/Annotations/0.xml')?.toString() ?? '';
  expect(xml).toContain('<xmin>21</xmin><ymin>11</ymin><xmax>120</xmax><ymax>60</ymax>');
  expect([...kit.keys()].filter((path) => path.includes('/SegmentationClass/'))).toHaveLength(3);
  expect([...kit.keys()].filter((path) => path.includes('/JPEGImages/'))).toHaveLength(3);

  const jobs = page.getByRole('region', { name: 'Exports so far' }).getByRole('article');
  await yolo.page().getByRole('article').nth(1).getByRole('button', { name: 'Export again' }).click();
  await expect(jobs).toHaveCount(3);
  await expect(jobs.first().getByText('Ready')).toBeVisible();
  const again = await at.download(jobs.first());
  expect(again.sha256).toBe(archive.sha256);
  await jobs.first().getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(jobs).toHaveCount(2);
});
