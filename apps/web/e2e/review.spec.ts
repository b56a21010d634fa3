import type { BrowserContext, Page } from '@playwright/test';
import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { WorkbenchPage } from './pages/workbench-page';
import { photo } from './pictures/photo';
import { savedLabels } from './saved-labels';
import { openSession, signIn, type Session } from './session';

/** Another person at a computer of their own. */
async function pageOf(context: BrowserContext, session: Session): Promise<Page> {
  await signIn(context, session);
  return context.newPage();
}

test('a task: split, labeled, submitted, rejected with a pinned reason, fixed, verified, locked', async ({
  page,
  owner,
  browser,
  complaints,
}) => {
  test.setTimeout(180_000);
  const annotator = await openSession(1);
  const { id: user_id, full_name } = await annotator.api('auth.me', {});
  const { dataset, images } = await makeDataset(owner, {
    name: 'Review',
    classes: { detection: ['car'] },
    files: [
      { name: 'a.jpg', bytes: await photo({ seed: 11 }) },
      { name: 'b.jpg', bytes: await photo({ seed: 12 }) },
    ],
  });
  const { project_id } = dataset;
  await owner.api('members.add', { params: { project_id }, body: { user_id, role: 'annotator' } });
  const theirs = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const other = await pageOf(theirs, annotator);
  complaints.listen(other);
  // An image is free for the next person a moment after it was left.
  complaints.allow(/423 \(Locked\)/u);
  const first = images[0]?.id ?? 0;
  const label = async () => (await savedLabels(owner, project_id, first))[0];

  await test.step('what was picked stays picked when one thinks better of making a task', async () => {
    await page.goto(`/datasets/${dataset.id}`);
    await page.getByRole('button', { name: 'Select images' }).click();
    await page.getByRole('button', { name: 'Select all 2 shown' }).click();
    await page.getByRole('button', { name: 'Make a task' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await expect(page.getByText('2 selected')).toBeVisible();
  });

  await test.step('the owner sees what a split makes, and gives it to the annotator', async () => {
    await page.goto(`/datasets/${dataset.id}/tasks`);
    await page.getByRole('button', { name: 'Split into tasks' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Split into tasks' });
    await dialog.getByRole('radio', { name: 'All in one task' }).click();
    await dialog.getByRole('button', { name: 'Add a person' }).click();
    // The server finds them, by keyboard alone.
    await page.keyboard.type('nobody of this name');
    const people = page.getByRole('dialog', { name: 'Add a person' });
    await expect(people.getByRole('status')).toHaveText('Nothing found');
    await people.getByRole('combobox').fill(full_name);
    await expect(people.getByRole('option', { name: full_name })).toHaveAttribute('aria-selected', 'true');
    await expect(people.getByRole('status')).toHaveText('1 to choose from');
    await page.screenshot({ path: test.info().outputPath('member-search.png') });
    await page.keyboard.press('Enter');
    await expect(dialog.getByRole('button', { name: `Remove ${full_name}` })).toBeVisible();
    await expect(dialog.getByText('1 task, 2 images')).toBeVisible();
    await dialog.getByRole('button', { name: 'Make 1 task' }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('heading', { name: 'Batch' })).toBeVisible();
  });

  const bench = new WorkbenchPage(other);
  await test.step('the annotator finds it in the inbox and in the queue, and labels', async () => {
    await other.goto('/work');
    // The person has a part in other journeys too.
    await expect(other.getByRole('button', { name: /^Inbox, \d+ unread$/u })).toBeVisible();
    await other
      .getByRole('listitem')
      .filter({ hasText: dataset.name })
      .getByRole('link', { name: 'Continue Batch' })
      .click();
    await bench.ready('a.jpg');
    await expect(other.getByRole('region', { name: 'Task' })).toContainText('Batch');
    await bench.tool('Box');
    await bench.chooseClass('car');
    await bench.drawBox([40, 40], [140, 120]);
    await bench.saved();
    await bench.confirmAndNext();
    await bench.ready('b.jpg');
    await bench.confirmAndNext();
    const bar = other.getByRole('region', { name: 'Task' });
    await expect(bar).toContainText('2 of 2 done');
    await bar.getByRole('button', { name: 'Submit for review' }).click();
    await expect(bar).toContainText('Submitted');
  });

  await test.step('the reviewer rejects the box with a reason', async () => {
    await page.goto(`/datasets/${dataset.id}/review`);
    const waiting = page.getByRole('list', { name: 'Waiting for review' }).getByRole('listitem');
    await expect(waiting).toHaveCount(2);
    // By keyboard, with Hangul on it; the hands stay in the list when the row under them is done.
    await waiting.nth(1).getByRole('link').focus();
    await waiting.nth(1).getByRole('link').dispatchEvent('keydown', { key: 'ㅍ', code: 'KeyV', bubbles: true });
    await expect(waiting).toHaveCount(1);
    await expect(waiting.first().getByRole('link')).toBeFocused();
    await page.getByRole('link', { name: /a\.jpg/u }).click();
    const review = new WorkbenchPage(page);
    await review.ready('a.jpg');
    await review.labels.getByRole('button', { name: /car/u }).first().click();
    await page.getByTestId('reject').click();
    await page.getByRole('textbox', { name: 'What has to be done?' }).fill('Too wide on the right');
    await page.getByRole('dialog').getByRole('button', { name: 'Reject', exact: true }).click();
    await expect(page.getByTestId('comment-pin')).toHaveCount(1);
    await expect.poll(async () => (await label())?.state).toBe('draft');
    await page.goto(`/datasets/${dataset.id}/review`);
  });

  await test.step('the annotator sees it in the queue with its reason, fixes it and answers', async () => {
    await other.goto('/work');
    await expect(other.getByRole('region', { name: 'Came back from review' })).toContainText('a.jpg');
    await other
      .getByRole('link', { name: /a\.jpg/u })
      .filter({ hasText: dataset.name })
      .click();
    await bench.ready('a.jpg');
    await expect(other.getByRole('note')).toContainText('Too wide on the right');
    await expect(bench.labels.getByRole('img', { name: 'Rejected: Too wide on the right' })).toBeVisible();
    await other.getByTestId('comment-pin').click();
    const panel = other.getByRole('complementary', { name: 'Comments' });
    await panel.getByRole('button', { name: 'Answer' }).click();
    await panel.getByRole('combobox', { name: 'Answer' }).fill('Better now');
    await panel.getByRole('button', { name: 'Send' }).first().click();
    await expect(panel.getByText('Better now')).toBeVisible();
    await other.keyboard.press('Escape');
    await bench.tool('Select');
    await bench.click([90, 80]);
    await bench.dragBy([140, 120], [-20, 0]);
    await bench.saved();
    await bench.confirmAndNext();
    await expect.poll(async () => (await label())?.state).toBe('confirmed');
  });

  await test.step('a comment is pinned to a point by a click', async () => {
    await page.goto(`/datasets/${dataset.id}/label?image=${first}&task=detection`);
    const review = new WorkbenchPage(page);
    await review.ready('a.jpg');
    await review.canvas.focus();
    await page.keyboard.press('Shift+m');
    const write = page.getByRole('combobox', { name: /Write a comment/u });
    await write.fill('And this?');
    // Half a comment waits for whoever looks at another image meanwhile.
    await review.strip.getByRole('button').nth(1).click();
    await review.ready('b.jpg');
    await expect(write).toHaveValue('');
    await review.strip.getByRole('button').first().click();
    await review.ready('a.jpg');
    await expect(write).toHaveValue('And this?');
    await review.canvas.focus();
    await page.keyboard.press('m');
    const aim = await review.aim([200, 150]);
    await page.mouse.click(...aim.screen);
    await expect(write).toHaveValue('And this?');
    await page.getByRole('complementary', { name: 'Comments' }).getByRole('button', { name: 'Send' }).click();
    await expect(page.getByTestId('comment-pin')).toHaveCount(2);
    await expect(write).toHaveValue('');
    const { items } = await owner.api('comments.list', { params: { project_id }, query: { image_id: first } });
    expect(items[0]?.point).toEqual([...aim.image]);
  });

  await test.step('the reviewer verifies; the annotator cannot change it any more', async () => {
    await page.getByTestId('verify').click();
    await expect.poll(async () => (await label())?.state).toBe('verified');
    await other.goto(`/datasets/${dataset.id}/label?image=${first}&task=detection`);
    await bench.ready('a.jpg');
    await expect(bench.labels.getByRole('img', { name: /Verified: only a reviewer/u })).toBeVisible();
    const before = await label();
    await bench.tool('Select');
    await bench.click([80, 80]);
    await other.keyboard.press('Delete');
    await expect(other.getByText('A reviewer verified this label').first()).toBeVisible();
    // What is said in the corner covers no image.
    await bench.strip.getByRole('button').first().click({ trial: true });
    await bench.expectLabels(1);
    expect(await label()).toEqual(before);
  });
  await theirs.close();
});
