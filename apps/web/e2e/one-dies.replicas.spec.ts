import type { Page } from '@playwright/test';
import { control, type ProgramName } from './control';
import { makeDataset } from './dataset';
import { env } from './env';
import { Complaints, expect, test } from './journey';
import { WorkbenchPage, type Bbox } from './pages/workbench-page';
import { photo } from './pictures/photo';
import { savedLabels } from './saved-labels';
import { openSession, signIn } from './session';

/** What a browser says of requests that were under way in the process that died, and of an image somebody else has. */
const BROKEN = [/Failed to load resource/u, /ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/u];
/** From the answer to one browser until the other one hears: a second at the most, of which a busy machine makes several. */
const NEWS_MS = 5_000;

/** The n-th of boxes that do not touch each other. */
function nthBox(bench: WorkbenchPage, n: number): Promise<Bbox> {
  const [x, y] = [60 + (n % 6) * 180, 60 + Math.floor(n / 6) * 180];
  return bench.drawBox([x, y], [x + 120, y + 100]);
}

/** Has a page write down, by its own clock, when it hears of changes of images. */
async function writeDownNews(page: Page, project_id: number): Promise<void> {
  await page.evaluate(
    (url) =>
      new Promise<void>((greeted) => {
        const heard: { at: number; image_ids: number[] | null }[] = [];
        Object.assign(window, { heard });
        const source = new EventSource(url);
        source.addEventListener('hello', () => greeted());
        source.addEventListener('image', ({ data }) =>
          heard.push({ at: Date.now(), ...(JSON.parse(String(data)) as { image_ids: number[] | null }) }),
        );
      }),
    `/api/v1/projects/${project_id}/events`,
  );
}

/** Has a page remember everything it pops up for its person. */
async function rememberToasts(page: Page): Promise<void> {
  await page.evaluate(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    new MutationObserver(() => {
      for (const toast of document.querySelectorAll<HTMLElement>('li[data-swipe-direction]'))
        if (!told.includes(toast.innerText)) told.push(toast.innerText);
    }).observe(document.body, { childList: true, subtree: true });
  });
}

function toldSoFar(page: Page): Promise<string[]> {
  return page.evaluate(() => (window as unknown as { told: string[] }).told);
}

test('two people work while one API replica after the other is killed: nothing is lost, locks hold, news go on', async ({
  page,
  browser,
  owner,
  complaints,
}) => {
  complaints.allow(...BROKEN);
  const { dataset, images } = await makeDataset(owner, {
    name: 'Replicas',
    files: [
      { name: 'a.jpg', bytes: await photo() },
      { name: 'b.jpg', bytes: await photo() },
    ],
  });
  const { project_id } = dataset;
  const [first, second] = images.map(({ id }) => id) as [number, number];
  const session = await openSession(1);
  const { id: user_id } = await session.api('auth.me', {});
  await owner.api('members.add', { params: { project_id }, body: { user_id, role: 'annotator' } });
  const context = await browser.newContext({ baseURL: env().web_url });
  await signIn(context, session);
  const theirPage = await context.newPage();
  const theirComplaints = new Complaints();
  theirComplaints.allow(...BROKEN);
  theirComplaints.listen(theirPage);
  const held = async () =>
    (await owner.api('locks.list', { params: { project_id }, query: {} })).items
      .map(({ image_id, user_name }) => [image_id, user_name])
      .sort();

  const [mine, theirs] = [new WorkbenchPage(page), new WorkbenchPage(theirPage)];
  const drawn: { mine: Bbox[]; theirs: Bbox[] } = { mine: [], theirs: [] };
  const draw = async () => {
    drawn.mine.push(await nthBox(mine, drawn.mine.length));
    drawn.theirs.push(await nthBox(theirs, drawn.theirs.length));
  };
  await mine.open(dataset.id, { image_id: first });
  await theirs.open(dataset.id, { image_id: second });
  for (const bench of [mine, theirs]) {
    await bench.tool('Box');
    await rememberToasts(bench.page);
  }
  const names = env().people.map(({ full_name }) => full_name);
  const locks = [
    [first, names[0]],
    [second, names[1]],
  ].sort();
  await expect.poll(held).toEqual(locks);

  for (const replica of ['api-1', 'api-2'] satisfies ProgramName[])
    await test.step(`${replica} is killed in the middle of it`, async () => {
      await draw();
      const dying = control(replica, 'kill');
      await draw();
      await dying;
      await draw();
      for (const bench of [mine, theirs]) await bench.saved();
      await expect(page.getByTestId('people-here')).toHaveAccessibleName(`Here now: ${names[1]}`);
      expect(await held()).toEqual(locks);

      await writeDownNews(theirPage, project_id);
      const answered = page.waitForResponse(/\/operations$/u);
      drawn.mine.push(await nthBox(mine, drawn.mine.length));
      const answer = await answered;
      await answer.finished();
      const { startTime, responseEnd } = answer.request().timing();
      const news = () =>
        theirPage.evaluate(
          ([image_id]) =>
            (window as unknown as { heard: { at: number; image_ids: number[] | null }[] }).heard.find((one) =>
              one.image_ids?.includes(image_id as number),
            )?.at ?? null,
          [first],
        );
      await expect.poll(news).not.toBeNull();
      const took = ((await news()) as number) - (startTime + responseEnd);
      test.info().annotations.push({ type: 'news', description: `${Math.round(took)} ms after the answer` });
      expect(took).toBeLessThan(NEWS_MS);
      await control(replica, 'start');
    });

  await test.step('all that was acknowledged is there, once, and one image still belongs to one person', async () => {
    await draw();
    for (const bench of [mine, theirs]) await bench.saved();
    const boxes = async (image_id: number) =>
      (await savedLabels(owner, project_id, image_id)).map(({ geometry }) =>
        geometry.type === 'bbox' ? geometry.bbox : geometry.type,
      );
    expect(await boxes(first)).toEqual(drawn.mine);
    expect(await boxes(second)).toEqual(drawn.theirs);
    await theirs.openFromStrip('a.jpg');
    await expect(theirPage.getByTestId('lock-banner')).toContainText(`${names[0]} is working on this image`);
    await theirs.expectLabels(drawn.mine.length);
    await expect.poll(held).toEqual(locks.slice(0, 1));
    for (const one of [page, theirPage]) expect(await toldSoFar(one)).toEqual([]);
  });
  expect(theirComplaints.unexpected).toEqual([]);
  await context.close();
});
