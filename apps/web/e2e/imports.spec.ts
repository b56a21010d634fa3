import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { DatasetPage } from './pages/dataset-page';
import { photo } from './pictures/photo';
import { cocoBoxes } from './staged-import';

test('labels from elsewhere: look, map, import, see them, take them back', async ({ page, owner }) => {
  const { dataset, images } = await makeDataset(owner, {
    name: 'Imports',
    classes: { detection: ['vehicle'] },
    files: [
      { name: 'a.jpg', bytes: await photo({ width: 640, height: 480, seed: 1 }) },
      { name: 'b.jpg', bytes: await photo({ width: 640, height: 480, seed: 2 }) },
    ],
  });
  const labels = async () =>
    (await owner.api('annotations.list', { params: { project_id: dataset.project_id }, query: { limit: 100 } })).items;
  const text = cocoBoxes(
    [...images, { path: 'nowhere.jpg', width: 10, height: 10 }],
    [
      ['a.jpg', 'car', 10, 10, 100, 80],
      ['a.jpg', 'tree', 200, 10, 50, 90],
      ['b.jpg', 'car', 30, 30, 200, 100],
      ['b.jpg', 'car', 30, 30, -5, 100],
      ['nowhere.jpg', 'car', 1, 1, 5, 5],
    ],
  );
  await page.goto(`/datasets/${dataset.id}`);
  await new DatasetPage(page).openTab('Import');
  const file = { name: 'instances.json', mimeType: 'application/json', buffer: Buffer.from(text) };
  await page.getByLabel('Choose files').last().setInputFiles(file);

  const job = page.getByRole('article', { name: 'Import of instances.json' });
  await test.step('the report tells what would happen, and why something would not', async () => {
    await expect(job.getByText('Ready to import')).toBeVisible();
    await expect(job.getByText('“instances.json” looks like COCO')).toBeVisible();
    await job.getByRole('button', { name: /Shape without area/u }).click();
    await expect(job.getByText('instances.json:1 annotations.3')).toBeVisible();
    await expect(job.getByRole('button', { name: /Image the dataset does not have/u })).toBeVisible();
    expect(await labels()).toEqual([]);
  });

  await test.step('on a narrow screen each class has its target below it, and nothing is cut off', async () => {
    const wide = page.viewportSize()!;
    await page.setViewportSize({ width: 390, height: 844 });
    const [name, target] = await Promise.all([
      job.getByRole('listitem').filter({ hasText: 'tree' }).boundingBox(),
      job.getByRole('combobox', { name: 'What “tree” becomes' }).boundingBox(),
    ]);
    expect(target!.width).toBeGreaterThan(250);
    expect(target!.x + target!.width).toBeLessThanOrEqual(390);
    expect(target!.y).toBeGreaterThan(name!.y + 30);
    await expect(job.getByRole('listitem').filter({ hasText: 'tree' })).toContainText('1 annotation');
    await page.setViewportSize(wide);
  });

  await test.step('cars become vehicles, trees a new class', async () => {
    await job.getByRole('combobox', { name: 'What “car” becomes' }).click();
    await page.getByRole('option', { name: 'vehicle' }).click();
    await job.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(job.getByText('3 annotations imported, 0 images and 1 class added')).toBeVisible();
    const classes = await owner.api('classes.list', { params: { project_id: dataset.project_id } });
    expect(classes.items.map(({ name }) => name)).toEqual(['vehicle', 'tree']);
    expect(await labels()).toHaveLength(3);
  });

  await test.step('all of it goes again, except what somebody changed since', async () => {
    const [first] = await labels();
    await owner.api('annotations.update', {
      params: { annotation_id: first!.id },
      body: { version: 1, geometry: { type: 'bbox', bbox: [5, 5, 20, 20] } },
    });
    await job.getByRole('button', { name: 'Take back' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('2 annotations are removed')).toBeVisible();
    await expect(dialog.getByRole('checkbox')).not.toBeChecked();
    await dialog.getByRole('button', { name: 'Take back' }).click();
    await expect(job.getByText('Taken back')).toBeVisible();
    expect((await labels()).map(({ id }) => id)).toEqual([first!.id]);
  });
});

test('a file that is nothing says why, in the language of the page', async ({ page, owner, context }) => {
  const { dataset } = await makeDataset(owner, {
    name: 'Nothing to import',
    classes: { detection: [] },
    files: [],
  });
  await page.goto(`/datasets/${dataset.id}`);
  await new DatasetPage(page).openTab('Import');
  const file = { name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('{"notes": []}') };
  await page.getByLabel('Choose files').last().setInputFiles(file);
  const said = 'The files look like none of';
  await expect(page.getByRole('alert').filter({ hasText: said })).toContainText('Nothing was imported');
  await context.addCookies([{ name: 'labelyard_locale', value: 'ko', url: page.url() }]);
  await page.reload();
  await expect(page.getByRole('alert').filter({ hasText: said })).toContainText('다른 형식');
});

test('an empty file says so before it is sent', async ({ page, owner }) => {
  const { dataset } = await makeDataset(owner, { name: 'Empty file', classes: { detection: [] }, files: [] });
  await page.goto(`/datasets/${dataset.id}/imports`);
  const asked: string[] = [];
  page.on('request', (request) => void (request.method() === 'POST' && asked.push(request.url())));
  const file = { name: 'labels.json', mimeType: 'application/json', buffer: Buffer.alloc(0) };
  await page.getByLabel('Choose files').last().setInputFiles(file);
  await expect(page.getByRole('alert').filter({ hasText: 'labels.json: The file is empty' })).toBeVisible();
  expect(asked.filter((url) => url.includes('/uploads'))).toEqual([]);
});
