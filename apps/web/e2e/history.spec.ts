import { join } from 'node:path';
import { makeDataset } from './dataset';
import { env } from './env';
import { expect, test } from './journey';
import { WorkbenchPage } from './pages/workbench-page';
import { openSession, signIn } from './session';

const SHOTS = join(import.meta.dirname, '..', 'reports', 'screenshots');

test('what two people did is told, what was refused is logged, and a program comes in with a token', async ({
  page,
  owner,
}) => {
  test.setTimeout(240_000);
  const jiwoo = await openSession(1);
  const { id: user_id, full_name } = await jiwoo.api('auth.me', {});
  const { dataset, classes, images } = await makeDataset(owner, { name: 'History' });
  const { project_id } = dataset;
  const [image] = images;
  const [car, person] = classes;
  if (!image || !car || !person) throw new Error('The dataset is not complete');
  await owner.api('members.add', { params: { project_id }, body: { user_id, role: 'annotator' } });
  const drawn = await owner.api('annotations.create', {
    body: {
      project_id,
      image_id: image.id,
      task_type: 'detection',
      class_id: car.id,
      geometry: { type: 'bbox', bbox: [40, 40, 200, 120] },
    },
  });

  await test.step('the feed tells of both, the second while it is open', async () => {
    await page.goto(`/datasets/${dataset.id}/activity`);
    const feed = page.getByRole('list', { name: 'Activity' });
    await expect(feed.getByText('Olga Owner drew 1 annotation on photo.jpg')).toBeVisible();
    await expect(feed.getByText(`Olga Owner added ${full_name} as Annotator`)).toBeVisible();
    await jiwoo.api('annotations.update', {
      params: { annotation_id: drawn.id },
      body: { version: 1, class_id: person.id, geometry: { type: 'bbox', bbox: [60, 50, 220, 140] } },
    });
    await expect(feed.getByText(`${full_name} changed 1 annotation on photo.jpg`)).toBeVisible();
    await page.getByRole('combobox', { name: 'What' }).click();
    await page.getByRole('option', { name: 'Drawn' }).click();
    await expect(feed.getByText(`${full_name} changed`)).toBeHidden();
  });

  await test.step('the label tells its own history', async () => {
    const bench = new WorkbenchPage(page);
    await bench.open(dataset.id, { image_id: image.id, task: 'detection' });
    await bench.expectLabels(1);
    await bench.labels
      .getByRole('button', { name: /person/u })
      .first()
      .click();
    await page.getByText('History of this label').click();
    const versions = page.getByRole('list', { name: 'Versions, newest first' });
    await expect(versions.getByRole('listitem')).toHaveCount(2);
    await expect(versions.getByRole('listitem').first()).toContainText(`Changed by ${full_name}`);
    await expect(versions.getByRole('listitem').first()).toContainText('Class: car → person');
    await expect(versions.getByRole('listitem').last()).toContainText('Drawn by Olga Owner');
    await versions
      .getByRole('listitem')
      .last()
      .getByRole('button', { name: /^Drawn by/u })
      .focus();
  });

  const call = (secret: string) =>
    fetch(`${env().api_url}/api/v1/datasets/${dataset.id}`, { headers: { authorization: `Bearer ${secret}` } });
  await test.step('a token is made, works, and is refused once it is revoked', async () => {
    await page.goto(`/datasets/${dataset.id}/settings`);
    await page.getByRole('button', { name: 'New token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Name' }).fill('Platform');
    await dialog.getByRole('button', { name: 'New token' }).click();
    const secret = (await dialog.getByTestId('token-secret').textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Done' }).click();
    expect((await call(secret)).status).toBe(200);
    await expect(page.getByText(secret)).toHaveCount(0);
    await page.getByRole('button', { name: 'Revoke Platform' }).click();
    await dialog.getByRole('button', { name: 'Revoke' }).click();
    await expect(
      page.getByRole('list', { name: 'Service tokens' }).getByText('Revoked', { exact: true }),
    ).toBeVisible();
    expect((await call(secret)).status).toBe(401);
  });

  await test.step('the audit log has the refusal', async () => {
    await expect(
      jiwoo.api('datasets.update', { params: { dataset_id: dataset.id }, body: { name: 'Mine' } }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(async () => {
      await page.reload();
      await expect(
        page.getByRole('row', { name: new RegExp(`${full_name}.*datasets\\.update.*Denied`, 'u') }),
      ).toBeVisible({
        timeout: 2_000,
      });
    }).toPass();
    await expect(page.getByRole('row', { name: /Olga Owner.*token\.revoke/u })).toBeVisible();
    const arriving = page.waitForEvent('download');
    await page.getByRole('link', { name: 'CSV' }).click();
    expect((await arriving).suggestedFilename()).toMatch(/^audit-project-\d+-[\d-]+\.csv$/u);
    await page.goto('/admin/audit');
    await expect(page.getByRole('row', { name: /datasets\.update/u }).first()).toBeVisible();
  });

  await test.step('all of an entry is seen on a narrow screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const entry = page.getByRole('row', { name: /datasets\.update/u }).first();
    await entry.scrollIntoViewIfNeeded();
    for (const cell of await entry.getByRole('cell').all()) {
      const box = await cell.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(390);
    }
    await page.screenshot({ path: join(SHOTS, 'audit-narrow.png') });
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  await test.step('the log stands still for whoever reads it, and shows what is newer when asked', async () => {
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().includes('/admin/audit?') || request.url().endsWith('/admin/audit')) asked += 1;
    });
    const name = `Renamed ${crypto.randomUUID()}`;
    await owner.api('datasets.update', { params: { dataset_id: dataset.id }, body: { name } });
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.getByRole('button', { name: 'Show newer entries' }).click();
    await expect(page.getByRole('row', { name: new RegExp(name, 'u') })).toBeVisible();
    expect(asked).toBe(1);
  });
});

test('whoever comes straight to the workbench reads times of their own zone, and why a verified label stays', async ({
  browser,
  owner,
}) => {
  const jiwoo = await openSession(1);
  const { id: user_id } = await jiwoo.api('auth.me', {});
  const { dataset, classes, images } = await makeDataset(owner, { name: 'Verified' });
  const { project_id } = dataset;
  const image_id = images[0]!.id;
  await owner.api('members.add', { params: { project_id }, body: { user_id, role: 'annotator' } });
  const { id } = await jiwoo.api('annotations.create', {
    body: {
      project_id,
      image_id,
      task_type: 'detection',
      class_id: classes[0]!.id,
      geometry: { type: 'bbox', bbox: [40, 40, 200, 120] },
    },
  });
  const context = await browser.newContext();
  await signIn(context, jiwoo);
  const page = await context.newPage();
  const bench = new WorkbenchPage(page);
  const openHistory = async () => {
    await bench.open(dataset.id, { image_id, task: 'detection' });
    await bench.labels.getByRole('button', { name: /car/u }).first().click();
    await page.getByText('History of this label').click();
    return page.getByRole('list', { name: 'Versions, newest first' });
  };

  await test.step('the time is that of the browser', async () => {
    const { items } = await jiwoo.api('annotations.history', { params: { annotation_id: id } });
    const at = new Date(items[0]!.changed_at);
    const words = at.toLocaleTimeString('en', { timeStyle: 'short', timeZone: 'Asia/Seoul' });
    await expect((await openHistory()).getByRole('time')).toContainText(words);
  });

  await test.step('what a reviewer verified is not offered to be brought back', async () => {
    await jiwoo.api('annotations.update', {
      params: { annotation_id: id },
      body: { version: 1, geometry: { type: 'bbox', bbox: [60, 60, 200, 120] } },
    });
    await expect((await openHistory()).getByRole('button', { name: 'Bring version 1 back' })).toBeVisible();
    await jiwoo.api('annotations.confirm', { params: { annotation_id: id }, body: { version: 2 } });
    // Whoever leaves the workbench lets go of the image a moment later.
    await page.goto(`/datasets/${dataset.id}`);
    await expect(() =>
      owner.api('annotations.verify', { params: { annotation_id: id }, body: { version: 3 } }),
    ).toPass();
    await expect((await openHistory()).getByRole('listitem')).toHaveCount(4);
    await expect(page.getByText('A reviewer verified this label')).toBeVisible();
    await expect(page.getByRole('button', { name: /^Bring version/u })).toHaveCount(0);
    await page.screenshot({ path: join(SHOTS, 'verified-history.png') });
  });
  await context.close();
});
