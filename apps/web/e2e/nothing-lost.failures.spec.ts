import type { Page } from '@playwright/test';
import { control, whileDead } from './control';
import { makeDataset } from './dataset';
import { env } from './env';
import { expect, test } from './journey';
import { LoginPage } from './pages/login-page';
import { hundredths, WorkbenchPage, type Bbox } from './pages/workbench-page';
import { savedLabels } from './saved-labels';
import type { Session } from './session';

/** What a browser says of requests that fail because a program is dead. */
const DEAD_SERVER = [/Failed to load resource/u, /ERR_CONNECTION_REFUSED|ERR_FAILED|ERR_EMPTY_RESPONSE/u];
const OPERATIONS = /\/operations$/u;

/** An image of a dataset of its own, open in the workbench with the box tool in hand. */
async function openBench(page: Page, owner: Session) {
  const { dataset, images } = await makeDataset(owner, { name: 'Nothing lost' });
  const image_id = images[0]!.id;
  const bench = new WorkbenchPage(page);
  await bench.open(dataset.id);
  await bench.tool('Box');
  const saved = async () =>
    (await savedLabels(owner, dataset.project_id, image_id)).map(({ geometry }) =>
      geometry.type === 'bbox' ? geometry.bbox : geometry.type,
    );
  return { bench, dataset, image_id, saved };
}

/** The n-th of boxes that do not touch each other. */
function nthBox(bench: WorkbenchPage, n: number): Promise<Bbox> {
  const [x, y] = [60 + (n % 6) * 180, 60 + Math.floor(n / 6) * 180];
  return bench.drawBox([x, y], [x + 120, y + 100]);
}

test.describe('the API is killed', () => {
  test('while somebody draws: kept here, then saved once', async ({ page, owner, complaints }) => {
    complaints.allow(...DEAD_SERVER);
    const { bench, saved } = await openBench(page, owner);
    const drawn = [await nthBox(bench, 0)];
    await bench.saved();
    await whileDead('api', async () => {
      drawn.push(await nthBox(bench, 1), await nthBox(bench, 2));
      await bench.expectSaveState('waiting');
      await expect(bench.saveState).toContainText('2 edits kept here');
      await bench.expectLabels(3);
    });
    await bench.saved();
    expect(await saved()).toEqual(drawn);
  });

  test('while it saves: every box is there exactly once', async ({ page, owner, complaints }) => {
    complaints.allow(...DEAD_SERVER);
    const { bench, saved } = await openBench(page, owner);
    const drawn: Bbox[] = [];
    for (let n = 0; n < 4; n += 1) {
      // What is tried again waits the longer the longer the API took to come back.
      const sent = page.waitForRequest(OPERATIONS, { timeout: 60_000 });
      drawn.push(await nthBox(bench, n));
      await sent;
      await control('api', 'kill');
      await control('api', 'start');
    }
    await bench.saved();
    expect(await saved()).toEqual(drawn);
  });

  test('in the middle of a long pause between tries: the pause ends when it is back', async ({
    page,
    owner,
    complaints,
  }) => {
    complaints.allow(...DEAD_SERVER);
    const { bench, saved } = await openBench(page, owner);
    await page.route(
      OPERATIONS,
      (route) =>
        route.fulfill({
          status: 429,
          headers: { 'Retry-After': '3600' },
          json: { error: { code: 'rate_limited', message: 'Not now' } },
        }),
      { times: 1 },
    );
    const drawn = [await nthBox(bench, 0)];
    await bench.expectSaveState('waiting');
    await control('api', 'kill');
    await control('api', 'start');
    await bench.saved();
    expect(await saved()).toEqual(drawn);
  });

  test('after it saved and before it could say so', async ({ page, owner, complaints }) => {
    complaints.allow(...DEAD_SERVER);
    const { bench, saved } = await openBench(page, owner);
    let lost = 0;
    await page.route(OPERATIONS, async (route) => {
      if (lost === 2) return route.continue();
      lost += 1;
      const answer = await route.fetch();
      expect(answer.status()).toBe(200);
      return route.abort('connectionreset');
    });
    const drawn = [await nthBox(bench, 0), await nthBox(bench, 1)];
    await bench.saved();
    expect(lost).toBe(2);
    expect(await saved()).toEqual(drawn);
  });
});

test.describe('the tab dies', () => {
  test('right after a box was drawn: it is there in the next one', async ({ page, context, owner, complaints }) => {
    complaints.allow(...DEAD_SERVER);
    const { bench, dataset, saved } = await openBench(page, owner);
    const kept = await nthBox(bench, 0);
    await bench.saved();
    // Nothing gets out any more, so only what this browser wrote down can come back.
    await page.route(OPERATIONS, (route) => route.abort('internetdisconnected'));
    const drawn = await nthBox(bench, 1);
    await page.close();

    const next = new WorkbenchPage(await context.newPage());
    await next.open(dataset.id);
    await next.expectLabels(2);
    await next.saved();
    expect(await saved()).toEqual([kept, drawn]);
  });

  test('by a crash in the middle of work: edits, deletions and all', async ({ page, context, owner, complaints }) => {
    complaints.allow(...DEAD_SERVER);
    const { bench, dataset, saved } = await openBench(page, owner);
    const [first, second] = [await nthBox(bench, 0), await nthBox(bench, 1)];
    await bench.saved();
    await page.route(OPERATIONS, (route) => route.abort('internetdisconnected'));
    const third = await nthBox(bench, 2);
    await bench.tool('Select');
    await bench.click([first[0] + 50, first[1] + 50]);
    await page.keyboard.press('Delete');
    await bench.click([second[0] + 50, second[1] + 50]);
    await page.keyboard.press('Shift+ArrowRight');
    await bench.expectSaveState('waiting');
    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    void session.send('Page.crash').catch(() => undefined);
    await crashed;
    await page.close();

    const next = new WorkbenchPage(await context.newPage());
    await next.open(dataset.id);
    await next.saved();
    await next.expectLabels(2);
    expect(await saved()).toEqual([[hundredths(second[0] + 10), second[1], second[2], second[3]], third]);
  });

  test('over plain http, where there are no Web Locks: what a living tab holds is left to it', async ({
    page,
    context,
    owner,
    complaints,
  }) => {
    complaints.allow(...DEAD_SERVER);
    await context.addInitScript(() => Object.defineProperty(navigator, 'locks', { value: undefined }));
    const { bench, dataset, saved } = await openBench(page, owner);
    // Of this tab nothing gets out: its box waits, and is sent by nobody else.
    await page.route(OPERATIONS, (route) => route.abort('internetdisconnected'));
    const drawn = await nthBox(bench, 0);
    await bench.expectSaveState('waiting');
    const other = new WorkbenchPage(await context.newPage());
    await other.open(dataset.id);
    await other.saved();
    await other.expectLabels(0);
    expect(await saved()).toEqual([]);
    await other.page.close();

    const session = await context.newCDPSession(page);
    const crashed = page.waitForEvent('crash');
    void session.send('Page.crash').catch(() => undefined);
    await crashed;
    const next = new WorkbenchPage(await context.newPage());
    await next.open(dataset.id);
    await next.expectLabels(1);
    await next.saved();
    expect(await saved()).toEqual([drawn]);
  });
});

test('Postgres is killed and started again: the API goes on, and so does the work', async ({
  page,
  owner,
  complaints,
}) => {
  complaints.allow(...DEAD_SERVER);
  const { bench, saved, dataset } = await openBench(page, owner);
  const drawn = [await nthBox(bench, 0)];
  await bench.saved();
  await whileDead('postgres', async () => {
    drawn.push(await nthBox(bench, 1));
    await bench.expectSaveState('waiting');
    await expect(bench.saveState).toContainText('1 edit kept here');
    expect((await fetch(`${env().api_url}/health`)).status).toBe(200);
    expect((await fetch(`${env().api_url}/health/ready`)).status).toBe(503);
  });
  await bench.saved();
  expect(await saved()).toEqual(drawn);
  // Nothing of the API is stuck: an export goes through the queue.
  const job = await owner.api(
    'exports.create',
    { body: { project_id: dataset.project_id, format: 'coco' } },
    { headers: { prefer: 'wait=20' } },
  );
  expect(job.status).toBe('completed');
  expect(job.report?.counts.annotations).toBe(2);
});

test('the web server is killed and started again', async ({ page, owner, complaints }) => {
  complaints.allow(...DEAD_SERVER);
  const { bench, dataset, saved } = await openBench(page, owner);
  const drawn: Bbox[] = [];
  await whileDead('web', async () => {
    drawn.push(await nthBox(bench, 0));
    await bench.expectSaveState('waiting');
    await expect(bench.saveState).toContainText('Offline: 1 edit kept here');
  });
  await bench.saved();
  expect(await saved()).toEqual(drawn);
  await bench.open(dataset.id);
  await bench.expectLabels(1);
});

test('all three are killed at once', async ({ page, owner, complaints }) => {
  complaints.allow(...DEAD_SERVER);
  const { bench, saved } = await openBench(page, owner);
  const drawn = [await nthBox(bench, 0)];
  await bench.saved();
  await Promise.all([control('web', 'kill'), control('postgres', 'kill'), control('api', 'kill')]);
  drawn.push(await nthBox(bench, 1));
  await bench.expectSaveState('waiting');
  await control('postgres', 'start');
  await Promise.all([control('api', 'start'), control('web', 'start')]);
  await bench.saved();
  expect(await saved()).toEqual(drawn);
});

test.describe('two tabs on one image', () => {
  /** Both tabs know the box; the first moves it right and saves, the second moves it down and meets the other's change. */
  async function disagree(first: Page, second: Page, owner: Session) {
    const { bench, dataset, saved, image_id } = await openBench(first, owner);
    const [x, y, w, h] = await nthBox(bench, 0);
    await bench.saved();
    const other = new WorkbenchPage(second);
    await other.open(dataset.id, { image_id });
    await other.expectLabels(1);
    await expect(second.getByTestId('other-tab')).toContainText('You have this image open in another tab');
    await expect(second.getByTestId('lock-banner')).toBeHidden();
    await second.screenshot({ path: test.info().outputPath('other-tab.png') });

    await first.bringToFront();
    await first.keyboard.press('v');
    await bench.click([x + 50, y + 50]);
    await first.keyboard.press('Shift+ArrowRight');
    await bench.saved();
    const theirs: Bbox = [hundredths(x + 10), y, w, h];
    expect(await saved()).toEqual([theirs]);

    await second.bringToFront();
    await other.tool('Select');
    await other.click([x + 50, y + 50]);
    await second.keyboard.press('Shift+ArrowDown');
    await other.expectSaveState('attention');
    await expect(other.saveState).toContainText('1 label needs a decision');
    // Nobody's work is overwritten before somebody has decided.
    expect(await saved()).toEqual([theirs]);
    await second.getByRole('button', { name: 'Decide' }).click();
    const dialog = second.getByRole('dialog', { name: 'Edits that need a decision' });
    await expect(dialog).toContainText('Somebody changed this label first');
    return { other, dialog, saved, theirs, mine: [x, hundredths(y + 10), w, h] as Bbox };
  }

  test('keep mine', async ({ page, context, owner }) => {
    const { other, dialog, saved, mine } = await disagree(page, await context.newPage(), owner);
    await dialog.getByRole('button', { name: 'Keep mine' }).click();
    await expect(dialog).toContainText('Everything is decided');
    await other.page.keyboard.press('Escape');
    await other.saved();
    expect(await saved()).toEqual([mine]);
  });

  test('take theirs', async ({ page, context, owner }) => {
    const { other, dialog, saved, theirs } = await disagree(page, await context.newPage(), owner);
    await dialog.getByRole('button', { name: 'Take theirs' }).click();
    await expect(dialog).toContainText('Everything is decided');
    await other.page.keyboard.press('Escape');
    await other.saved();
    expect(await saved()).toEqual([theirs]);
    await page.close();
    await expect(other.page.getByTestId('other-tab')).toBeHidden();
    // The tab shows theirs, and works on from there.
    await other.click([theirs[0] + 50, theirs[1] + 50]);
    await other.page.keyboard.press('ArrowRight');
    await other.saved();
    expect(await saved()).toEqual([[hundredths(theirs[0] + 1), theirs[1], theirs[2], theirs[3]]]);
  });

  test('one deletes what the other edits', async ({ page, context, owner }) => {
    const { bench, dataset, image_id, saved } = await openBench(page, owner);
    const [x, y, w, h] = await nthBox(bench, 0);
    await bench.saved();
    const second = await context.newPage();
    const other = new WorkbenchPage(second);
    await other.open(dataset.id, { image_id });
    await other.expectLabels(1);
    await page.bringToFront();
    await page.keyboard.press('Delete');
    await bench.saved();
    expect(await saved()).toEqual([]);

    await second.bringToFront();
    await other.tool('Select');
    await other.click([x + 50, y + 50]);
    await second.keyboard.press('ArrowDown');
    await other.expectSaveState('attention');
    await second.getByRole('button', { name: 'Decide' }).click();
    const dialog = second.getByRole('dialog', { name: 'Edits that need a decision' });
    await expect(dialog).toContainText('Somebody deleted this label');
    await dialog.getByRole('button', { name: 'Keep mine' }).click();
    await second.keyboard.press('Escape');
    await other.saved();
    expect(await saved()).toEqual([[x, hundredths(y + 1), w, h]]);
  });
});

test.describe('the session ends while somebody draws', () => {
  for (const [how, value] of [
    ['the cookie is gone', null],
    ['the cookie is forged', `eyJhbGciOiJub25lIn0.${Buffer.from('{"sub":"1"}').toString('base64url')}.`],
  ] as const) {
    test(`${how}: signing in elsewhere saves everything`, async ({ page, context, owner, complaints }) => {
      complaints.allow(/401 \(Unauthorized\)/u);
      const { bench, saved } = await openBench(page, owner);
      const drawn = [await nthBox(bench, 0)];
      await bench.saved();
      await context.clearCookies();
      if (value) await context.addCookies([{ ...owner.cookie, value, url: env().web_url }]);
      drawn.push(await nthBox(bench, 1));
      await bench.expectSaveState('signed_out');
      await expect(bench.saveState).toContainText('1 edit kept here');
      // Work goes on meanwhile.
      drawn.push(await nthBox(bench, 2));
      await bench.expectLabels(3);
      expect(await saved()).toEqual(drawn.slice(0, 1));

      const tab = context.waitForEvent('page');
      await page.getByRole('link', { name: 'Sign in' }).click();
      const login = new LoginPage(await tab);
      await login.signIn();
      await expect(login.page.getByRole('heading', { name: 'Datasets', level: 1 })).toBeVisible();
      await page.bringToFront();
      await bench.saved();
      expect(await saved()).toEqual(drawn);
    });
  }
});
