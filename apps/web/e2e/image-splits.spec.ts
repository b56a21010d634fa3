import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { DatasetPage } from './pages/dataset-page';
import { photo } from './pictures/photo';

test('images are put into a split by hand and by the files of an import', async ({ page, owner }) => {
  const bytes = await photo();
  const files = ['a.jpg', 'b.jpg', 'c.jpg'].map((name) => ({ name, bytes }));
  const { dataset } = await makeDataset(owner, { name: 'Splits', classes: { detection: ['car'] }, files });
  const { project_id } = dataset;
  const splits = async () =>
    (await owner.api('images.list', { params: { project_id }, query: { sort: 'path' } })).items.map(
      ({ split }) => split,
    );
  const list = new DatasetPage(page);
  await page.goto(`/datasets/${dataset.id}`);
  await expect(list.cards).toHaveCount(3);

  await test.step('two of them, and the list shows it', async () => {
    await list.card('a.jpg').focus();
    await page.keyboard.press('Space');
    await list.card('b.jpg').click({ modifiers: ['Shift'] });
    const bar = page.getByTestId('selection-bar');
    await bar.getByRole('button', { name: 'Choose split' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'Validation' }).check();
    await page.screenshot({ path: test.info().outputPath('dialog.png') });
    await dialog.getByRole('button', { name: 'Put into it' }).click();
    await expect(bar).toBeHidden();
    await expect(list.card('b.jpg')).toContainText('Validation');
    await expect(list.card('c.jpg')).not.toContainText('Validation');
    await page.getByRole('combobox', { name: 'Split' }).click();
    await page.getByRole('option', { name: 'Validation' }).click();
    await expect(list.cards).toHaveCount(2);
    await page.screenshot({ path: test.info().outputPath('filtered.png') });
    expect(await splits()).toEqual(['val', 'val', null]);
  });

  await test.step('what the files say is kept, where nobody chose another', async () => {
    await list.openTab('Import');
    const dice = {
      format_version: '1.0',
      classes: [{ id: 0, name: 'car' }],
      images: ['a.jpg', 'c.jpg'].map((file_name) => ({
        ...{ file_name, split: 'test' },
        annotations: [{ class_id: 0, class_name: 'car', bbox: [5, 5, 20, 20] }],
      })),
    };
    const file = { name: 'dice.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(dice)) };
    await page.getByLabel('Choose files').last().setInputFiles(file);
    const job = page.getByRole('article', { name: 'Import of dice.json' });
    await expect(job.getByText('Put into splits: Test 2')).toBeVisible();
    await page.screenshot({ path: test.info().outputPath('import.png'), fullPage: true });
    await job.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(job.getByText('1 image was put into a split')).toBeVisible();
    expect(await splits()).toEqual(['val', 'val', 'test']);
  });
});
