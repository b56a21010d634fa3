import { MAX_IMAGES_SPLIT_AT_ONCE } from '@labelyard/domain';
import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { insertImages } from './many-images';

/** More than a request places. */
const IMAGES = MAX_IMAGES_SPLIT_AT_ONCE + 1;

test('more images than a request places are split in the background, and the tasks appear by themselves', async ({
  page,
  owner,
}) => {
  const { dataset } = await makeDataset(owner, { name: 'Harvest', files: [] });
  const { id } = await owner.api('auth.me', {});
  await insertImages(dataset, id, IMAGES);
  await page.goto(`/datasets/${dataset.id}/tasks`);
  await page.getByRole('button', { name: 'Split into tasks' }).click();
  const dialog = page.getByRole('dialog', { name: 'Split into tasks' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill('Harvest');
  await dialog.getByRole('radio', { name: 'A number of tasks' }).click();
  await dialog.getByRole('spinbutton', { name: 'Number of tasks' }).fill('3');
  await expect(dialog.getByText('the tasks are made in the background')).toBeVisible();
  await dialog.getByRole('button', { name: 'Make 3 tasks' }).click();
  // Exactly: for a moment the note for screen readers says it too.
  const told = 'The images are being split; the tasks appear when all of them are there';
  await expect(page.getByText(told, { exact: true })).toBeVisible();
  await expect(dialog).toBeHidden();

  const tasks = page.getByRole('region', { name: 'All tasks' }).getByRole('listitem');
  await expect(tasks).toHaveCount(3);
  await expect(page.getByRole('article', { name: 'Splitting images: Harvest' })).toHaveCount(0);
  const { items } = await owner.api('tasks.list', { params: { project_id: dataset.project_id }, query: {} });
  expect(items.map(({ image_count }) => image_count).sort()).toEqual([1667, 1667, 1667]);
});
