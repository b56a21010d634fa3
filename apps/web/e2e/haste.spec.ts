import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { WorkbenchPage } from './pages/workbench-page';
import { photo } from './pictures/photo';

test('whoever is faster than the server loses nothing and stays where they went', async ({ page, owner }) => {
  const bytes = await photo();
  const files = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => ({ name, bytes }));
  const { dataset } = await makeDataset(owner, { name: 'In haste', files });
  const bench = new WorkbenchPage(page);
  await bench.open(dataset.id);
  await bench.tool('Box');

  // Away before a box is sent, and back by the browser's own button: the same tab all the while.
  await bench.drawBox([60, 60], [180, 160]);
  await page.getByRole('link', { name: 'Back to the dataset' }).click();
  await expect(page).toHaveURL(new RegExp(`/datasets/${dataset.id}$`, 'u'));
  await page.goBack();
  await bench.ready('a.jpg');
  await bench.expectLabels(1);
  await bench.saved();

  // On to the next image and straight back.
  await page.keyboard.press('b');
  await bench.drawBox([260, 60], [380, 160]);
  await page.keyboard.press('d');
  await bench.ready('b.jpg');
  await page.keyboard.press('a');
  await bench.ready('a.jpg');
  await bench.expectLabels(2);
  await bench.saved();

  // Elsewhere while an image is still being confirmed.
  const answer = Promise.withResolvers<void>();
  await page.route(/\/confirm$/u, async (route) => {
    await answer.promise;
    await route.continue();
  });
  await page.keyboard.press('e');
  await bench.openFromStrip('c.jpg');
  answer.resolve();
  await expect(bench.strip.getByRole('button', { name: /a\.jpg, Completed/u })).toBeVisible();
  await expect(bench.title).toContainText('c.jpg');
});

test('a slip of the finger does not take an unfinished outline away', async ({ page, owner }) => {
  const bytes = await photo({ width: 1200, height: 800 });
  const files = ['a.jpg', 'b.jpg'].map((name) => ({ name, bytes }));
  const { dataset } = await makeDataset(owner, { name: 'Outline', classes: { segmentation: ['road'] }, files });
  const bench = new WorkbenchPage(page);
  await bench.open(dataset.id, { task: 'segmentation' });
  await page.keyboard.press('p');
  for (const move of ['ArrowUp', 'ArrowRight', 'ArrowDown']) {
    await page.keyboard.press(`Control+${move}`);
    await page.keyboard.press('Enter');
  }
  for (const key of ['d', 'v', 'e']) await page.keyboard.press(key);
  await expect(page.getByText('Finish the outline with Enter, or give it up with Escape.').first()).toBeVisible();
  await expect(bench.title).toContainText('a.jpg');
  await page.keyboard.press('Enter');
  await bench.expectLabels(1);
  await page.keyboard.press('d');
  await bench.ready('b.jpg');
});
