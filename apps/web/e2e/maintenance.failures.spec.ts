import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { UploadDialog } from './pages/upload-dialog';
import { WorkbenchPage } from './pages/workbench-page';
import { photo } from './pictures/photo';
import { savedLabels } from './saved-labels';
import type { Session } from './session';

// With the journeys that have the stack to themselves: nobody else can change anything meanwhile.

const REASON = 'Moving to a bigger machine';
const notice = (page: Page) => page.locator('[data-maintenance]');

const begin = ({ api }: Session) =>
  api('maintenance.begin', { body: { reason: REASON, expected_end: '2040-05-06T07:08:00.000Z' } });
const end = ({ api }: Session) => api('maintenance.end', {});

test.afterEach(({ owner }) => end(owner));

test('somebody labels and somebody uploads through maintenance: all of it arrives, once', async ({
  page,
  browser,
  context,
  owner,
  complaints,
}) => {
  complaints.allow(/Failed to load resource/u);
  const files = await Promise.all([1, 2].map(async (seed) => ({ name: `${seed}.jpg`, bytes: await photo({ seed }) })));
  const { dataset, images } = await makeDataset(owner, { name: 'Maintained', files });
  const [first, second] = images.map(({ id }) => id) as [number, number];
  const bench = new WorkbenchPage(page);
  await bench.open(dataset.id, { image_id: first });
  await bench.tool('Box');
  const before = await bench.drawBox([60, 60], [180, 160]);
  await bench.saved();
  const elsewhere = await browser.newContext({ storageState: await context.storageState() });
  const other = await elsewhere.newPage();
  await other.goto(`/datasets/${dataset.id}`);
  const upload = new UploadDialog(other);
  await upload.open();

  await begin(owner);
  await Promise.all([page, other].map((one) => expect(notice(one)).toContainText(REASON)));
  // On this person's clock: 7:08 in London is 16:08 in Seoul.
  await expect(notice(page)).toContainText('4:08');
  const dir = join(test.info().outputPath(), 'files');
  mkdirSync(dir, { recursive: true });
  const late = join(dir, 'late.jpg');
  writeFileSync(late, await photo({ seed: 3 }));
  await upload.chooseFiles([late]);

  const during = await bench.drawBox([240, 60], [360, 160]);
  await bench.expectSaveState('waiting');
  await expect(bench.saveState).toContainText('Waiting: maintenance (1 change kept here)');
  await bench.confirmButton.click();
  await expect(bench.canvas).toHaveAttribute('data-image-id', String(second));
  await expect(bench.saveState).toContainText('2 changes kept here');
  const onSecond = await bench.drawBox([60, 60], [180, 160]);
  await expect(bench.saveState).toContainText('3 changes kept here');
  expect(await savedLabels(owner, dataset.project_id, second)).toEqual([]);

  // The tab is closed and the image opened anew: what was drawn is there.
  await page.close();
  const next = new WorkbenchPage(await context.newPage());
  await next.open(dataset.id, { image_id: first });
  await expect(notice(next.page)).toContainText(REASON);
  await next.expectLabels(2);
  await expect(next.saveState).toContainText('3 changes kept here');

  await end(owner);
  await Promise.all([next.page, other].map((one) => expect(notice(one)).toHaveCount(0)));
  await next.saved();
  await upload.expectFinished({ uploaded: 1 });
  const boxes = async (image_id: number) =>
    (await savedLabels(owner, dataset.project_id, image_id)).map(({ geometry, state }) => ({
      bbox: geometry.type === 'bbox' ? geometry.bbox : geometry.type,
      state,
    }));
  expect(await boxes(first)).toEqual([
    { bbox: before, state: 'confirmed' },
    { bbox: during, state: 'confirmed' },
  ]);
  expect(await boxes(second)).toEqual([{ bbox: onSecond, state: 'draft' }]);
  const { items } = await owner.api('images.list', { params: { project_id: dataset.project_id }, query: {} });
  expect(items.map(({ path }) => path).sort()).toEqual(['1.jpg', '2.jpg', 'late.jpg']);
  await elsewhere.close();
});

test('an administrator turns it on and off on a page; signing in goes on', async ({
  page,
  browser,
  owner,
  complaints,
}) => {
  complaints.allow(/Failed to load resource/u);
  await page.goto('/admin/maintenance');
  await page.getByRole('button', { name: 'Begin maintenance' }).click();
  await expect(page.getByText('Say why, so that people know what to expect.')).toBeVisible();
  await page.getByLabel('Reason').fill(REASON);
  await page.getByLabel('Expected end').fill('2001-01-01T10:00');
  await page.getByRole('button', { name: 'Begin maintenance' }).click();
  await expect(page.getByText('This time has passed already.')).toBeVisible();
  await page.getByLabel('Expected end').fill('2040-01-01T10:00');
  await page.getByRole('button', { name: 'Begin maintenance' }).click();
  await expect(notice(page)).toContainText(REASON);
  expect((await owner.api('maintenance.get', {})).maintenance?.expected_end).toBe('2040-01-01T01:00:00.000Z');

  const stranger = await (await browser.newContext()).newPage();
  await stranger.goto('/login');
  await expect(notice(stranger)).toContainText(REASON);
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  for (const [colorScheme, width] of [
    ['dark', 1440],
    ['light', 1440],
    ['light', 390],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: test.info().outputPath(`${colorScheme}-${width}.png`) });
  }
  await page.getByRole('button', { name: 'Make this notice small' }).click();
  await expect(notice(page)).toHaveText('Read-only for now');
  await page.getByRole('button', { name: 'End maintenance' }).click();
  await expect(notice(page)).toHaveCount(0);
  await expect(page.getByText('Everything works again', { exact: true }).first()).toBeVisible();
  await stranger.context().close();
});
