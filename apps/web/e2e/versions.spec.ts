import type { Locator } from '@playwright/test';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { WorkbenchPage } from './pages/workbench-page';
import { savedLabels } from './saved-labels';

const SHOTS = join(import.meta.dirname, '..', 'reports', 'screenshots');

test('publish, compare, bring back: a version keeps what was, and the way back is open both ways', async ({
  page,
  owner,
}) => {
  mkdirSync(SHOTS, { recursive: true });
  const shot = (name: string) => page.screenshot({ path: join(SHOTS, `${name}.png`) });
  const { dataset, classes, images } = await makeDataset(owner, { name: 'Versions' });
  const { project_id } = dataset;
  const image_id = images[0]!.id;
  const draw = (bbox: [number, number, number, number], class_id: number) =>
    owner.api('annotations.create', {
      body: { project_id, image_id, task_type: 'detection', class_id, geometry: { type: 'bbox', bbox } },
    });
  const [car, person] = classes.map(({ id }) => id) as [number, number];
  const moved = await draw([40, 40, 200, 120], car);
  const gone = await draw([300, 60, 420, 200], person);
  const boxes = async () => {
    const labels = await savedLabels(owner, project_id, image_id);
    return labels.map(({ id, geometry }) => [id, geometry.type === 'bbox' ? geometry.bbox : null] as const);
  };
  const published = await boxes();
  const version = page.getByRole('article', { name: 'Version 1' });

  await test.step('drafts are left out, and it is said; with a confirmed image it is published', async () => {
    await page.goto(`/datasets/${dataset.id}/versions`);
    await page.getByRole('button', { name: 'Publish a version' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('There is nothing to publish: no annotation is confirmed.')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Publish' })).toBeDisabled();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await owner.api('images.confirm', { params: { project_id, image_id }, body: { task_type: 'detection' } });
    await page.getByRole('button', { name: 'Publish a version' }).click();
    await expect(dialog.getByText('1 image with 2 annotations')).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Note' }).fill('First corrected set');
    await shot('version-publish');
    await dialog.getByRole('button', { name: 'Publish' }).click();
    await expect(version.getByText('Published')).toBeVisible();
    await expect(version.getByText('First corrected set')).toBeVisible();
    await expect(version.getByText('2 annotations')).toBeVisible();
  });

  await test.step('its file is what its digest says', async () => {
    await version.getByText('What it holds').click();
    const arriving = page.waitForEvent('download');
    await version.getByRole('link', { name: /^Download/u }).click();
    const bytes = readFileSync(await (await arriving).path());
    await expect(version.getByText(createHash('sha256').update(bytes).digest('hex'))).toBeVisible();
    await shot('version-list');
  });

  await test.step('what changed since is counted, and shown on the image', async () => {
    await owner.api('annotations.update', {
      params: { annotation_id: moved.id },
      body: { version: await newest(moved.id), geometry: { type: 'bbox', bbox: [60, 60, 220, 140] } },
    });
    await owner.api('annotations.delete', {
      params: { annotation_id: gone.id },
      query: { version: await newest(gone.id) },
    });
    await draw([100, 220, 240, 330], person);
    await page.getByRole('button', { name: 'Compare the latest with now' }).click();
    const total = page.getByTestId('diff-total');
    for (const words of ['1 added', '1 removed', '1 changed']) await expect(total).toContainText(words);
    await expect(page.getByRole('img', { name: 'Differences on photo.jpg' })).toBeVisible();
    await shot('version-diff');
    await page.keyboard.press('Escape');
  });

  await test.step('exported in another format, as it was published', async () => {
    await version.getByRole('link', { name: 'Export' }).click();
    await expect(page.getByRole('combobox', { name: 'What to export' })).toContainText('Version 1');
    await expect(
      page.getByRole('region', { name: 'What will be in it' }).getByText(/^1 images? · 2 annotations/u),
    ).toBeVisible();
    const submit = page.getByRole('button', { name: 'Export', exact: true });
    await expect(submit).toBeInViewport();
    await shot('version-export');
    await submit.click();
    const job = page.getByRole('region', { name: 'Exports so far' }).getByRole('article');
    await expect(job.getByText('Ready')).toBeVisible();
    await expect(job.getByText(/^Version 1 · /u)).toBeVisible();
    const { items } = await owner.api('exports.list', { query: { project_id } });
    const coco = (await (await fetch(items[0]?.download_url ?? '')).json()) as { annotations: { bbox: number[] }[] };
    expect(coco.annotations.map(({ bbox }) => bbox)).toEqual(published.map(([, bbox]) => bbox));
    await page.goto(`/datasets/${dataset.id}/versions`);
  });

  await test.step('brought back as drafts', async () => {
    await version.getByRole('button', { name: 'Bring back' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('1 comes back')).toBeVisible();
    await shot('version-restore');
    await dialog.getByRole('button', { name: 'Bring back' }).click();
    await expect.poll(boxes).toEqual(published);
  });

  await test.step('what came of it is said, and its own undo takes it back and forth, whatever else was taken back', async () => {
    const work = await draw([500, 300, 60, 60], car);
    const { id: user_id } = await owner.api('auth.me', {});
    await owner.api('restores.create', {
      params: { project_id },
      body: { user_id, since: work.created_at, image_id },
    });
    await expect.poll(boxes).toEqual(published);
    await page.reload();
    await expect(page.getByText('Olga Owner brought version 1 back: 3 annotations changed')).toBeVisible();
    await shot('version-restored');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(page.getByText('Olga Owner undid the last step: 3 annotations changed back')).toBeVisible();
    expect(await boxes()).not.toEqual(published);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(boxes).toEqual(published);
    await page.goto(`/datasets/${dataset.id}/activity`);
    await expect(page.getByText('Olga Owner took back 1 annotation')).toBeVisible();
  });

  await test.step('the image through time, and back to a state of it', async () => {
    const bench = new WorkbenchPage(page);
    await bench.open(dataset.id, { image_id, task: 'detection' });
    await bench.expectLabels(2);
    await page.getByRole('button', { name: 'History of the image' }).click();
    const dialog = page.getByRole('dialog', { name: 'The image through time' });
    await expect(dialog.getByText('This is how the image is now.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Earlier' }).click();
    await expect(dialog.getByRole('img', { name: /2 annotations/u })).toBeVisible();
    await shot('image-through-time');
    await dialog.getByRole('button', { name: 'Bring this state back' }).click();
    await expect(dialog.getByText('3 annotations brought back')).toBeFocused();
    expect((await boxes()).map(([, bbox]) => bbox)).toContainEqual([60, 60, 220, 140]);
    await page.keyboard.press('Tab');
    await expect(dialog.getByRole('button', { name: 'Undo' })).toBeFocused();
    await shot('image-brought-back');
    await page.keyboard.press('Enter');
    await expect.poll(boxes).toEqual(published);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId('canvas')).toBeVisible();
  });

  async function newest(id: number) {
    const { version } = await owner.api('annotations.get', { params: { annotation_id: id } });
    return version;
  }
});

test('what changed is said in words, on the image and beside it, for whoever has no mouse too', async ({
  page,
  owner,
}) => {
  const { dataset, classes, images } = await makeDataset(owner, {
    name: 'Words',
    classes: { detection: ['cat', 'dog'], classification: ['indoors'], captioning: [] },
  });
  const { project_id } = dataset;
  const image_id = images[0]!.id;
  const [cat, dog, indoors] = classes.map(({ id }) => id) as [number, number, number];
  const common = { project_id, image_id };
  const text = (words: string) => ({ type: 'text', label_type: 'caption', text: words, language: 'en' }) as const;
  const animal = await owner.api('annotations.create', {
    body: {
      ...common,
      task_type: 'detection',
      class_id: cat,
      geometry: { type: 'bbox', bbox: [40, 40, 200, 120] },
      attributes: { size: 1 },
    },
  });
  const caption = await owner.api('annotations.create', {
    body: { ...common, task_type: 'captioning', geometry: text('A cat on a mat') },
  });
  const { id } = await owner.api('versions.publish', { params: { project_id }, body: { include_drafts: true } });
  await expect
    .poll(async () => (await owner.api('versions.get', { params: { version_id: id } })).status)
    .toBe('published');
  await owner.api('annotations.update', {
    params: { annotation_id: caption.id },
    body: { version: 1, geometry: text('A dog on a mat') },
  });
  await owner.api('annotations.create', {
    body: { ...common, task_type: 'classification', class_id: indoors, geometry: { type: 'classification' } },
  });
  await owner.api('annotations.update', {
    params: { annotation_id: animal.id },
    body: { version: 1, class_id: dog, attributes: { size: 2 } },
  });
  const row = (list: Locator, words: string) => list.getByRole('button').filter({ hasText: words });

  await test.step('between versions', async () => {
    await page.goto(`/datasets/${dataset.id}/versions`);
    await page.getByRole('button', { name: 'Compare the latest with now' }).click();
    const changes = page.getByRole('dialog').getByRole('list', { name: 'What changed on this image' });
    await expect(row(changes, 'Class: cat → dog')).toContainText('Attribute size: 1 → 2');
    await expect(row(changes, 'Text: A cat on a mat → A dog on a mat')).toContainText('Changed');
    await expect(row(changes, 'indoors · class')).toContainText('Added');
    const picture = page.getByRole('dialog').getByRole('figure').getByRole('img');
    await expect(picture.locator('[data-mark="pointed"]')).toHaveCount(0);
    for (
      let n = 0;
      n < 12 && !(await row(changes, 'cat → dog').evaluate((it) => it === document.activeElement));
      n += 1
    )
      await page.keyboard.press('Tab');
    await expect(picture.locator('[data-mark="pointed"]')).toHaveCount(1);
    await page.screenshot({ path: join(SHOTS, 'version-diff-words.png') });
  });

  await test.step('through the time of the image', async () => {
    const bench = new WorkbenchPage(page);
    await bench.open(dataset.id, { image_id, task: 'detection' });
    await page.getByRole('button', { name: 'History of the image' }).click();
    const dialog = page.getByRole('dialog', { name: 'The image through time' });
    const changes = dialog.getByRole('list', { name: 'What changed', exact: true });
    const whole = dialog.getByRole('region', { name: 'About the whole image' });
    await expect(row(changes, 'Class: cat → dog')).toBeVisible();
    await expect(whole).toContainText('indoors · class');
    await expect(whole).toContainText('A dog on a mat');
    await page.screenshot({ path: join(SHOTS, 'image-past-words.png') });
    await dialog.getByRole('button', { name: 'Earlier' }).click();
    await expect(row(changes, 'indoors · class')).toContainText('Added');
    await dialog.getByRole('button', { name: 'Earlier' }).click();
    await expect(row(changes, 'Text: A cat on a mat → A dog on a mat')).toBeVisible();
    await expect(whole).not.toContainText('indoors');
  });
});
