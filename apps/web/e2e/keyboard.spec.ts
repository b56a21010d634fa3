import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { WorkbenchPage } from './pages/workbench-page';
import { photo } from './pictures/photo';
import { savedLabels } from './saved-labels';

const CLASSES = {
  detection: ['car', 'person', 'traffic light'],
  segmentation: ['road', 'sky'],
  classification: ['day', 'night'],
} as const;

test('labels a box, a polygon and the image itself without a mouse', async ({ page, owner }) => {
  const files = [{ name: 'street.jpg', bytes: await photo({ width: 1200, height: 800 }) }];
  const { dataset, classes, images } = await makeDataset(owner, { name: 'Keyboard', classes: CLASSES, files });
  const classId = (name: string) => classes.find((item) => item.name === name)?.id;
  const bench = new WorkbenchPage(page);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await bench.open(dataset.id, { task: 'detection' });

  // A box: the crosshair starts in the middle, (600, 400).
  await press('b', '2');
  await press('Control+ArrowLeft', 'Control+ArrowLeft', 'Shift+ArrowUp', 'ArrowUp', 'Enter');
  await press('Control+ArrowRight', 'Control+ArrowDown', 'ArrowRight', 'Enter');
  await bench.expectLabels(1);

  // Its class, found by typing a part of the name: in the select tool it goes to what is selected.
  await press('v', '/');
  await expect(bench.classSearch).toBeFocused();
  await page.keyboard.type('light');
  await press('Enter');
  await expect(bench.canvas).toBeFocused();

  // Two grips away from the one that Enter takes is the box's right upper corner: pull it to the right by 10.1.
  await press('Enter', '.', '.', 'Shift+ArrowRight', 'Alt+ArrowRight', 'Escape', 'Escape');

  // A polygon of four vertices; one more that is taken back. It starts where the crosshair was left.
  await press('p', '1', 'Control+ArrowUp', 'Enter');
  await press('Control+ArrowRight', 'Enter', 'Control+ArrowDown', 'Enter');
  await press('Shift+ArrowDown', 'Enter', 'Backspace');
  await press('Control+ArrowLeft', 'Enter', 'Enter');
  await bench.expectLabels(2);

  // The image itself.
  await press('c', '2');
  await bench.expectLabels(3);
  await bench.saved();

  const saved = await savedLabels(owner, dataset.project_id, images[0]!.id);
  expect(saved.map(({ geometry, class_id }) => ({ geometry, class_id }))).toEqual([
    { class_id: classId('traffic light'), geometry: { type: 'bbox', bbox: [400, 389, 111.1, 100] } },
    {
      class_id: classId('road'),
      geometry: {
        type: 'polygon',
        polygons: [
          [
            [
              [501, 389],
              [601, 389],
              [601, 489],
              [501, 499],
            ],
            [],
          ],
        ],
      },
    },
    { class_id: classId('night'), geometry: { type: 'classification' } },
  ]);

  // Done, without having touched the mouse.
  await press('e');
  await expect(page.getByText('Confirmed. This was the last image of the list.', { exact: true })).toBeVisible();
});

test('shows every key on the question mark', async ({ page, owner }) => {
  const { dataset } = await makeDataset(owner, { name: 'Keys', classes: CLASSES });
  const bench = new WorkbenchPage(page);
  await bench.open(dataset.id);
  await page.keyboard.press('?');
  const sheet = page.getByRole('dialog', { name: 'Keyboard' });
  await expect(sheet).toBeVisible();
  for (const action of ['Box', 'Polygon', 'Undo', 'Confirm and next', 'Next image', 'Find a class', 'Insert vertex'])
    await expect(sheet.getByText(action, { exact: true }).first()).toBeVisible();
  // Keys belong to the sheet while it is open: nothing happens behind it.
  await page.keyboard.press('b');
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(page.getByRole('button', { name: 'Select', exact: false }).first()).toHaveAttribute(
    'aria-pressed',
    'true',
  );
});

test('does what is typed, and goes where is typed, on Ctrl K', async ({ page, owner }) => {
  const { dataset } = await makeDataset(owner, {
    name: 'Palette',
    classes: CLASSES,
    files: [{ name: 'one.jpg', bytes: await photo({ width: 400, height: 300 }) }],
  });
  const bench = new WorkbenchPage(page);
  const palette = page.getByRole('dialog', { name: 'Search and commands' });
  const call = async (text: string) => {
    await page.keyboard.press('Control+k');
    await expect(palette.getByRole('combobox')).toBeFocused();
    await page.keyboard.type(text);
    await expect(palette.getByRole('option').first()).toContainText(new RegExp(text, 'iu'));
    await page.keyboard.press('Enter');
    await expect(palette).toBeHidden();
  };
  await bench.open(dataset.id, { task: 'detection' });
  await call('polygon');
  await expect(page.getByRole('button', { name: 'Polygon', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await call('find a class');
  await expect(bench.classSearch).toBeFocused();
  await page.keyboard.press('Escape');
  // Nothing can be undone yet, so it is not offered.
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('option', { name: /^Undo/u })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await call('versions');
  await expect(page).toHaveURL(`/datasets/${dataset.id}/versions`);
});

test('takes nobody for mentioned by the Enter that ends a Korean syllable', async ({ page, owner }) => {
  const { dataset } = await makeDataset(owner, { name: 'Syllables' });
  const bench = new WorkbenchPage(page);
  await bench.open(dataset.id);
  await page.keyboard.press('Shift+M');
  const field = page.getByRole('combobox', { name: 'Write a comment' });
  await field.fill('@Olg');
  await expect(page.getByRole('option', { name: 'Olga Owner' })).toBeVisible();
  await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true });
  await expect(field).toHaveValue('@Olg');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue(/^@Olga Owner/u);
});
