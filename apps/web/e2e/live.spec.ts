import type { Browser } from '@playwright/test';
import { makeDataset, uploadFiles } from './dataset';
import { env } from './env';
import { Complaints, expect, test } from './journey';
import { DatasetPage } from './pages/dataset-page';
import { WorkbenchPage } from './pages/workbench-page';
import { photo } from './pictures/photo';
import { openSession, signIn } from './session';

/** What a browser says of an answer 423: that somebody else has the image is news, not a fault. */
const LOCKED = /status of 423/u;
/** Between two people; the browser's own work comes on top. */
const AT_ONCE = { timeout: 20_000 };

/** A second person, with a browser window of their own. */
async function secondPerson(browser: Browser) {
  const session = await openSession(1);
  const context = await browser.newContext({ baseURL: env().web_url });
  await signIn(context, session);
  const complaints = new Complaints();
  complaints.allow(LOCKED);
  const page = await context.newPage();
  complaints.listen(page);
  const { id } = await session.api('auth.me', {});
  return { id, page, context, complaints, name: env().people[1]!.full_name };
}

test('two people on one image: who is there, whose it is, and what they change, is seen at once', async ({
  page,
  browser,
  owner,
  complaints,
}) => {
  complaints.allow(LOCKED);
  const { dataset, images } = await makeDataset(owner, { name: 'Live' });
  const image_id = images[0]!.id;
  const other = await secondPerson(browser);
  await owner.api('members.add', {
    params: { project_id: dataset.project_id },
    body: { user_id: other.id, role: 'annotator' },
  });

  const bench = new WorkbenchPage(page);
  await bench.open(dataset.id);
  await bench.tool('Box');
  await bench.drawBox([60, 60], [180, 160]);
  await bench.saved();

  await test.step('the second to come looks on', async () => {
    const second = new WorkbenchPage(other.page);
    await second.open(dataset.id);
    const banner = other.page.getByTestId('lock-banner');
    await expect(banner).toContainText('Olga Owner is working on this image');
    await second.expectLabels(1);
    await expect(other.page.getByRole('button', { name: 'Take over' })).toBeHidden();
    await expect(second.confirmButton).toBeDisabled();
    await expect(page.getByTestId('people-here')).toHaveAccessibleName(`Here now: ${other.name}`, AT_ONCE);
    await expect(other.page.getByTestId('strip').getByTestId('visitors')).toContainText('Olga Owner', AT_ONCE);
    await other.page.screenshot({ path: test.info().outputPath('banner.png') });
  });

  await test.step('and sees what the first draws', async () => {
    await bench.drawBox([260, 60], [380, 160]);
    await bench.saved();
    await new WorkbenchPage(other.page).expectLabels(2);
  });

  await test.step('the first closes the tab: the image is the second’s at once', async () => {
    await page.close({ runBeforeUnload: false });
    await expect(other.page.getByTestId('lock-banner')).toBeHidden(AT_ONCE);
    const second = new WorkbenchPage(other.page);
    await second.tool('Box');
    await second.drawBox([60, 260], [180, 360]);
    await second.saved();
    await second.expectLabels(3);
  });

  await test.step('an owner takes over; the second looks on, and nothing of theirs is lost', async () => {
    const again = await other.context.browser()!.newContext({ baseURL: env().web_url });
    await signIn(again, owner);
    const back = await again.newPage();
    const first = new WorkbenchPage(back);
    await first.open(dataset.id);
    await expect(back.getByTestId('lock-banner')).toContainText(`${other.name} is working on this image`);
    await back.screenshot({ path: test.info().outputPath('take-over.png') });
    await back.getByRole('button', { name: 'Take over' }).click();
    await expect(back.getByTestId('lock-banner')).toBeHidden(AT_ONCE);
    await expect(other.page.getByTestId('lock-banner')).toContainText('Olga Owner', AT_ONCE);
    await first.expectLabels(3);
    const held = await owner.api('locks.list', { params: { project_id: dataset.project_id }, query: {} });
    expect(held.items.map((lock) => lock.image_id)).toEqual([image_id]);
    await back.goto(`/datasets/${dataset.id}`);
    await expect(back.getByTestId('visitors')).toContainText(other.name, AT_ONCE);
    await back.screenshot({ path: test.info().outputPath('grid.png') });
    await expect(other.page.getByTestId('lock-banner')).toBeHidden(AT_ONCE);
    await again.close();
  });

  expect(other.complaints.unexpected).toEqual([]);
  await other.context.close();
});

test('a page opened while images arrive is the server’s at first, and shows what came since', async ({
  page,
  owner,
}) => {
  const { dataset } = await makeDataset(owner, { name: 'Coming', files: [] });
  const bytes = await photo({ width: 64, height: 48 });
  let [coming, count] = [true, 0];
  const uploads = (async () => {
    for (; coming; count += 1) await uploadFiles(owner.token, dataset.id, [{ name: `${count}.jpg`, bytes }]);
  })();

  // A slow computer: between React's taking over the frame of the page and the page in it there is time for news.
  const browser = await page.context().newCDPSession(page);
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  const grid = new DatasetPage(page);
  for (let visit = 0; visit < 3; visit += 1) {
    await page.goto(`/datasets/${dataset.id}`);
    const shown = await grid.cards.count();
    await expect.poll(() => grid.cards.count()).toBeGreaterThan(shown);
  }
  coming = false;
  await uploads;
  await expect(page.getByText(`${count} images`).first()).toBeVisible();
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 1 });
});
