import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { DatasetPage } from './pages/dataset-page';
import { WorkbenchPage } from './pages/workbench-page';
import { photo } from './pictures/photo';

test('images are deleted and come back: by "undo", from the list, and under the hand of who labels one', async ({
  page,
  context,
  owner,
  complaints,
}) => {
  // A save on an image that is not there, and a look at it.
  complaints.allow(/status of 404/u);
  const bytes = await photo();
  const files = ['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((name) => ({ name, bytes }));
  const { dataset } = await makeDataset(owner, { name: 'Deleted', files });
  const list = new DatasetPage(page);
  await page.goto(`/datasets/${dataset.id}`);
  await expect(list.cards).toHaveCount(4);
  const bar = page.getByTestId('selection-bar');
  const toDelete = page.getByRole('dialog');

  await test.step('two by the keyboard, and undone', async () => {
    await list.card('a.jpg').focus();
    await page.keyboard.press('Space');
    await expect(bar).toContainText('1 selected');
    await list.card('b.jpg').click({ modifiers: ['Shift'] });
    await expect(bar).toContainText('2 selected');
    await page.screenshot({ path: test.info().outputPath('selected.png') });
    await bar.getByRole('button', { name: 'Delete…' }).click();
    await expect(toDelete).toContainText('Delete 2 images?');
    await page.screenshot({ path: test.info().outputPath('dialog.png') });
    await toDelete.getByRole('button', { name: 'Delete 2 images' }).click();
    await expect(list.cards).toHaveCount(2);
    await expect(bar).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(list.cards).toHaveCount(4);
  });

  await test.step('all of them, and Escape', async () => {
    await list.card('a.jpg').focus();
    await page.keyboard.press('Control+a');
    await expect(bar).toContainText('4 selected');
    await page.keyboard.press('Escape');
    await expect(bar).toBeHidden();
  });

  const bench = new WorkbenchPage(await context.newPage());
  await test.step('one that somebody labels is gone under their hand, and their work is kept', async () => {
    await bench.open(dataset.id);
    await bench.ready('a.jpg');
    await list.card('a.jpg').hover();
    await page.getByRole('checkbox', { name: 'Select a.jpg' }).click();
    await bar.getByRole('button', { name: 'Delete…' }).click();
    await toDelete.getByRole('button', { name: 'Delete 1 image' }).click();
    await expect(list.cards).toHaveCount(3);
    const banner = bench.page.getByTestId('deleted-banner');
    await expect(banner).toContainText('This image was deleted by Olga Owner.');
    await bench.tool('Box');
    await bench.drawBox([60, 60], [180, 160]);
    await expect(banner).toContainText('Your unsaved edit is kept here');
    await bench.page.screenshot({ path: test.info().outputPath('banner.png') });
  });

  await test.step('brought back from the list it takes the work', async () => {
    await page.getByRole('button', { name: 'Recently deleted' }).click();
    await page.screenshot({ path: test.info().outputPath('recently-deleted.png') });
    await page.getByRole('button', { name: 'Bring a.jpg back' }).click();
    await expect(page.getByRole('dialog')).toContainText('Nothing was deleted');
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await expect(list.cards).toHaveCount(4);
    await expect(bench.page.getByTestId('deleted-banner')).toBeHidden();
    await bench.saved();
    await bench.expectLabels(1);
    // In its place, without a reload.
    await expect(bench.strip.getByTitle(/\.jpg$/u)).toHaveCount(4);
    await expect(bench.strip.getByTitle(/\.jpg$/u).first()).toHaveAttribute('title', 'a.jpg');
  });

  await test.step('from the workbench, by its palette', async () => {
    await bench.page.keyboard.press('Control+k');
    await bench.page.keyboard.type('delete image');
    await bench.page.keyboard.press('Enter');
    await bench.page.getByRole('button', { name: 'Delete 1 image' }).click();
    await bench.ready('b.jpg');
    await expect(list.cards).toHaveCount(3);
  });
});
