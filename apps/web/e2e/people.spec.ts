import type { Page } from '@playwright/test';
import { makeDataset } from './dataset';
import { env } from './env';
import { expect, test } from './journey';
import { openSession, signIn } from './session';

const MAIN_NAV = 'Pages of this dataset';

async function openMembers(page: Page, dataset_id: number): Promise<void> {
  await page.goto(`/datasets/${dataset_id}/members`);
  await expect(page.getByRole('heading', { name: 'Members', exact: true })).toBeVisible();
}

test('invite by link, accept, change of role, removal: both see it at once', async ({
  page,
  browser,
  owner,
  complaints,
}) => {
  test.setTimeout(120_000);
  // The page of somebody who was removed hears 404 from the server, and the browser says so.
  complaints.allow(/status of 40[34]/u);
  const invited = env().people[1]!;
  const { dataset } = await makeDataset(owner, { name: 'Together' });
  // As over plain http, where browsers give no clipboard.
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await openMembers(page, dataset.id);

  await test.step('the owner invites by e-mail and gets a link', async () => {
    await page.getByRole('button', { name: 'Add people' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('combobox', { name: 'Name or e-mail address' }).fill(invited.email);
    // Not the offer to write to the address, which stands there until the person is found.
    await dialog.getByRole('option', { name: new RegExp(invited.full_name, 'u') }).click();
    await dialog.getByRole('radio', { name: 'Send an invitation' }).click();
    await dialog.getByRole('textbox', { name: /Message/u }).fill('Welcome to the team');
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
    await expect(dialog.getByText('Invitation made')).toBeVisible();
  });
  const link = await page.getByRole('dialog').getByRole('textbox', { name: 'Link' }).inputValue();
  expect(link).toMatch(/\/invitations\/[\w-]{43}$/u);
  await page.getByRole('dialog').getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByRole('dialog').getByText('Copied', { exact: true })).toBeAttached();
  await page.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('heading', { name: 'Pending invitations' })).toBeVisible();

  const second = await browser.newContext();
  const guest = await second.newPage();
  complaints.listen(guest);
  try {
    await test.step('the link shows what it is about before anybody signs in', async () => {
      await guest.goto(new URL(link).pathname);
      await expect(guest.getByRole('heading', { level: 1, name: `Join “${dataset.name}”` })).toBeVisible();
      await expect(guest.getByText('Olga Owner invites you to work on this dataset as Annotator.')).toBeVisible();
      await expect(guest.getByText('Welcome to the team')).toBeVisible();
      await expect(guest.getByRole('link', { name: 'Sign in to answer' })).toBeVisible();
    });

    await test.step('somebody else is told that it is not for them', async () => {
      await signIn(second, owner);
      await guest.reload();
      await guest.getByRole('button', { name: 'Accept' }).click();
      await expect(guest.getByText('This invitation is for somebody else.')).toBeVisible();
      await second.clearCookies();
    });

    await test.step('the person invited accepts after signing in', async () => {
      await guest.reload();
      await guest.getByRole('link', { name: 'Sign in to answer' }).click();
      await guest.getByRole('textbox', { name: 'E-mail' }).fill(invited.email);
      await guest.getByLabel('Password', { exact: true }).fill(env().password);
      await guest.getByRole('button', { name: 'Sign in' }).click();
      await guest.getByRole('button', { name: 'Accept' }).click();
      await expect(guest).toHaveURL(new RegExp(`/datasets/${dataset.id}$`, 'u'));
      await expect(guest.getByText('You: Annotator')).toBeVisible();
    });

    await test.step('the owner sees them without reloading, and gives them another role', async () => {
      const role = page.getByRole('combobox', { name: `Role of ${invited.full_name}` });
      await expect(role).toHaveText('Annotator');
      await expect(page.getByRole('heading', { name: 'Pending invitations' })).toHaveCount(0);
      await role.click();
      await page.getByRole('option', { name: 'Reviewer' }).click();
      await expect(page.getByText(`${invited.full_name} has a new role`, { exact: true })).toBeVisible();
      await expect(guest.getByText('You: Reviewer')).toBeVisible();
    });

    await test.step('removed, their open page says so', async () => {
      await expect(guest.getByRole('navigation', { name: MAIN_NAV })).toBeVisible();
      await page.getByRole('button', { name: `Actions for ${invited.full_name}` }).click();
      await page.getByRole('menuitem', { name: 'Remove' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
      await expect(page.getByText(`${invited.full_name} was removed`, { exact: true })).toBeVisible();
      await expect(guest.getByText('You have no access to this dataset any more')).toBeVisible();
      await guest.goto(new URL(link).pathname);
      await expect(guest.getByText('This invitation was accepted before.')).toBeVisible();
    });
  } finally {
    await second.close();
  }
});

test('a received invitation is counted in the header, and accepted from the list', async ({ browser, owner }) => {
  const guestSession = await openSession(1);
  const me = await guestSession.api('auth.me', {});
  const { dataset } = await makeDataset(owner, { name: 'Counted' });
  const context = await browser.newContext();
  try {
    await signIn(context, guestSession);
    const [page, second] = [await context.newPage(), await context.newPage()];
    await page.goto('/datasets');
    await second.goto('/account');
    const badge = { name: /^Invitations/u };
    for (const tab of [page, second]) await expect(tab.getByRole('link', badge)).toBeVisible();
    const body = { project_id: dataset.project_id, user_id: me.id, role: 'viewer' } as const;
    await owner.api('invitations.create', { body });
    // Both tabs hear of it by themselves.
    for (const tab of [second, page])
      await expect(tab.getByRole('link', { name: /waits? for your answer/u })).toBeVisible();
    await page.getByRole('link', { name: /waits? for your answer/u }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Invitations' })).toBeVisible();
    await page.getByRole('button', { name: `Accept the invitation to ${dataset.name}` }).click();
    await expect(page).toHaveURL(new RegExp(`/datasets/${dataset.id}$`, 'u'));
    await expect(page.getByText('You: Viewer')).toBeVisible();
    // A viewer changes nobody, and may go.
    await openMembers(page, dataset.id);
    await expect(page.getByRole('button', { name: 'Add people' })).toHaveCount(0);
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click();
    await expect(page).toHaveURL(/\/datasets$/u);
  } finally {
    await context.close();
  }
});

test('ownership is handed over by typing the name', async ({ page, owner }) => {
  const { dataset } = await makeDataset(owner, { name: 'Heirloom' });
  const heir = await (await openSession(1)).api('auth.me', {});
  const params = { project_id: dataset.project_id };
  await owner.api('members.add', { params, body: { user_id: heir.id, role: 'viewer' } });
  await openMembers(page, dataset.id);
  await page.getByRole('button', { name: `Actions for ${heir.full_name}` }).click();
  await page.getByRole('menuitem', { name: 'Make owner' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Transfer ownership' })).toBeDisabled();
  await dialog.getByRole('textbox').fill(dataset.name);
  await dialog.getByRole('button', { name: 'Transfer ownership' }).click();
  await expect(page.getByText('You: Admin')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: heir.full_name }).getByText('Owner')).toBeVisible();
});

test('an admin adds, resets and switches off a person, who then changes nothing any more', async ({
  page,
  browser,
  complaints,
}) => {
  complaints.allow(/status of 401/u);
  const email = `new-${Date.now()}@e2e.test`;
  await page.goto('/datasets');
  await page.getByRole('button', { name: 'Account of Olga Owner' }).click();
  await page.getByRole('menuitem', { name: 'People' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'People' })).toBeVisible();
  await page.getByRole('button', { name: 'Add person' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Full name' }).fill('Nora New');
  await dialog.getByRole('textbox', { name: 'E-mail' }).fill(email);
  await dialog.getByRole('button', { name: 'Add person' }).click();
  const password = await dialog.getByTestId('one-time-password').innerText();
  // Nobody can see it again: neither Escape nor a click beside it takes it away.
  await page.keyboard.press('Escape');
  await page.mouse.click(5, 500);
  await expect(dialog.getByTestId('one-time-password')).toHaveText(password);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('searchbox', { name: 'Search people' }).fill(email);
  await expect(page.getByRole('row')).toHaveCount(2);

  const [context, otherBrowser] = [await browser.newContext(), await browser.newContext()];
  const theirs = await context.newPage();
  complaints.listen(theirs);
  try {
    await theirs.goto('/login?next=/account');
    await theirs.getByRole('textbox', { name: 'E-mail' }).fill(email);
    await theirs.getByLabel('Password', { exact: true }).fill(password);
    await theirs.getByRole('button', { name: 'Sign in' }).click();
    await expect(theirs.getByLabel('Old password')).toBeVisible();
    const tab = await context.newPage();
    await tab.goto('/datasets');
    const elsewhere = await otherBrowser.newPage();
    await elsewhere.goto('/login?next=/work');
    await elsewhere.getByRole('textbox', { name: 'E-mail' }).fill(email);
    await elsewhere.getByLabel('Password', { exact: true }).fill(password);
    await elsewhere.getByRole('button', { name: 'Sign in' }).click();
    await expect(elsewhere.getByRole('heading', { level: 1, name: 'My work' })).toBeVisible();
    await theirs.getByLabel('Old password').fill(password);
    await theirs.getByLabel('New password', { exact: true }).fill('a better one of mine');
    await theirs.getByLabel('New password again').fill('a better one of mine');
    await theirs.getByRole('button', { name: 'Change password' }).click();
    await expect(theirs.getByText('Your password was changed', { exact: true })).toBeVisible();
    // Another browser is sent away by itself; this one, with all of its tabs, goes on.
    await expect(elsewhere).toHaveURL(/\/login\?expired=1/u);
    await tab.reload();
    await expect(tab.getByRole('heading', { level: 1, name: 'Datasets' })).toBeVisible();

    await page.getByRole('button', { name: 'Actions for Nora New' }).click();
    await page.getByRole('menuitem', { name: 'Deactivate' }).click();
    await dialog.getByRole('button', { name: 'Deactivate' }).click();
    await expect(page.getByRole('row').filter({ hasText: email }).getByText('Deactivated')).toBeVisible();
    for (const left of [theirs, tab]) await expect(left).toHaveURL(/\/login\?expired=1/u);
  } finally {
    await context.close();
    await otherBrowser.close();
  }
});
