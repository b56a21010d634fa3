import { expect, test } from './journey';
import { WorkbenchPage } from './pages/workbench-page';
import { findMark } from './pictures/find-mark';
import { bombPng, cmykJpeg, exifRotated, halfTransparentPng, largePng, truncatedJpeg } from './pictures/odd-files';
import { photo, type Mark } from './pictures/photo';
import { dieAfter, onDisk, openUpload } from './uploading';

const MARK: Mark = { x: 40, y: 60, width: 200, height: 120, color: '#ff00ff' };
const MARKED = { width: 640, height: 480, marks: [MARK] };

test('files nobody can use are refused by name with the reason; the others arrive', async ({ page, owner }) => {
  const { upload, paths } = await openUpload(page, owner, 'Refusals');
  await upload.chooseFiles(
    onDisk({
      'good.jpg': await photo({ width: 400, height: 300 }),
      'empty.jpg': '',
      'letter.jpg': 'Dear Sir or Madam, this is no photograph.',
      'notes.txt': 'remember the milk',
      'moving.gif': Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64'),
      'cut-off.jpg': await truncatedJpeg(),
      'bomb.png': bombPng(),
    }),
  );
  await upload.expectFinished({ uploaded: 1, refused: 6 });
  for (const [name, reason] of [
    ['empty.jpg', 'The file is empty'],
    ['letter.jpg', 'Not an image'],
    ['notes.txt', 'Not an image'],
    ['moving.gif', 'Not JPEG, PNG or WebP'],
    ['cut-off.jpg', 'The image is damaged'],
    ['bomb.png', 'Too many pixels'],
  ] as const)
    await expect(upload.row(name)).toContainText(reason);
  await expect(upload.row('good.jpg')).toContainText('Uploaded');
  expect(await paths()).toEqual(['good.jpg']);
});

test('pictures of every kind are shown upright and in their colours', async ({ page, owner }) => {
  const { upload, grid, stored } = await openUpload(page, owner, 'Kinds');
  const files = {
    'upright.jpg': await photo({ ...MARKED, seed: 21 }),
    'held-upside-down.jpg': await exifRotated(3, { ...MARKED, seed: 22 }),
    'held-sideways.jpg': await exifRotated(6, { ...MARKED, seed: 23 }),
    'held-the-other-way.jpg': await exifRotated(8, { ...MARKED, seed: 24 }),
    'web.webp': await photo({ ...MARKED, seed: 25, format: 'webp' }),
    'print.jpg': await cmykJpeg({ width: 640, height: 480, seed: 26 }),
    'see-through.png': await halfTransparentPng({ seed: 27 }),
    'large.png': await largePng(30_000_000),
  };
  await upload.chooseFiles(onDisk(files));
  await upload.expectFinished({ uploaded: 8 });
  await upload.close();
  for (const path of Object.keys(files)) await grid.expectThumbnail(path);

  const images = new Map((await stored()).map((image) => [image.path, image]));
  for (const path of Object.keys(files).filter((name) => name !== 'large.png'))
    expect([images.get(path)?.width, images.get(path)?.height], path).toEqual([640, 480]);

  const marked = ['upright.jpg', 'held-upside-down.jpg', 'held-sideways.jpg', 'held-the-other-way.jpg', 'web.webp'];
  await test.step('thumbnails are upright', async () => {
    for (const path of marked) {
      const answer = await fetch(images.get(path)?.thumbnail_url ?? '');
      expect(answer.headers.get('content-type')).toBe('image/jpeg');
      const found = await findMark(Buffer.from(await answer.arrayBuffer()), MARK.color);
      const scale = 256 / 640;
      for (const side of ['x', 'y', 'width', 'height'] as const)
        expect(Math.abs((found?.[side] ?? -99) - MARK[side] * scale), `${side} in ${path}`).toBeLessThanOrEqual(2);
    }
  });

  await test.step('so is the canvas', async () => {
    const bench = new WorkbenchPage(page);
    await grid.card('held-sideways.jpg').click();
    await bench.ready('held-sideways.jpg');
    for (const path of marked) {
      await bench.openFromStrip(path);
      await expect(page.getByText('640 × 480 px')).toBeVisible();
      await expect.poll(() => seenAt(bench), path).toEqual(MARK);
    }
    await bench.openFromStrip('large.png');
    await bench.openFromStrip('print.jpg');
    await bench.openFromStrip('see-through.png');
  });
});

/** Where the mark is seen on the canvas, in image pixels; JPEG and scaling blur its edges by up to three. */
async function seenAt(bench: WorkbenchPage): Promise<Mark | null> {
  const [shot, place, view] = [await bench.canvas.screenshot(), await bench.canvas.boundingBox(), await bench.view()];
  const found = await findMark(shot, MARK.color);
  if (!found || !place) return null;
  const nearly = (value: number, expected: number) => (Math.abs(value - expected) <= 3 ? expected : Math.round(value));
  return {
    x: nearly((place.x + found.x - view.left) / view.zoom, MARK.x),
    y: nearly((place.y + found.y - view.top) / view.zoom, MARK.y),
    width: nearly(found.width / view.zoom, MARK.width),
    height: nearly(found.height / view.zoom, MARK.height),
    color: MARK.color,
  };
}

test('names with spaces, dots and accents; the same name again', async ({ page, owner }) => {
  const { upload, paths, stored } = await openUpload(page, owner, 'Names');
  const bytes = await photo({ width: 320, height: 240, seed: 31 });
  const names = ['with space.jpg', 'v1.2..final.jpg', 'dots...jpg', 'résumé.jpg'.normalize('NFD'), '사진 #1 100%.jpg'];
  await upload.chooseFiles(onDisk(Object.fromEntries(names.map((name) => [name, bytes]))));
  await upload.expectFinished({ uploaded: names.length });
  const composed = names.map((name) => name.normalize('NFC')).sort();
  expect(await paths()).toEqual(composed);

  await test.step('both spellings of one name at once: one is taken', async () => {
    const [nfc, nfd] = ['Ångström.jpg'.normalize('NFC'), 'Ångström.jpg'.normalize('NFD')];
    await upload.drop(onDisk({ [`a/${nfc}`]: bytes, [`b/${nfd}`]: bytes }));
    await upload.expectFinished({ uploaded: 1, refused: 1 });
    await expect(upload.dialog.getByText('The same name twice')).toBeVisible();
  });

  const [first] = names as [string];
  const others = await photo({ width: 320, height: 240, seed: 32 });
  await test.step('again: skipped', async () => {
    const before = await stored();
    await upload.chooseFiles(onDisk({ [first]: others }));
    await upload.expectFinished({ uploaded: 0, skipped: 1 });
    expect(await stored()).toMatchObject(before.map(({ id, sha256 }) => ({ id, sha256 })));
  });
  await test.step('again, keeping both', async () => {
    await upload.onDuplicate('Keep both under different names');
    await upload.chooseFiles(onDisk({ [first]: others }));
    await upload.expectFinished({ uploaded: 1 });
    expect(await paths()).toHaveLength(composed.length + 2);
  });
  await test.step('again, replacing it', async () => {
    const before = (await stored()).find(({ path }) => path === first);
    await upload.onDuplicate('Replace the image');
    await upload.chooseFiles(onDisk({ [first]: others, 'one more.jpg': others }));
    await upload.expectFinished({ uploaded: 2 });
    const now = await stored();
    expect(now).toHaveLength(composed.length + 3);
    const replaced = now.find((image) => image.path === first);
    const twins = now.filter((image) => image.sha256 === replaced?.sha256 && image.path !== first);
    expect(replaced?.id).toBe(before?.id);
    expect(replaced?.sha256).not.toBe(before?.sha256);
    expect(twins.map(({ path }) => path).sort()).toEqual(['one more.jpg', expect.stringMatching(/^with space/u)]);
  });
});

test('an upload that a reload interrupted goes on where it was', async ({ page, owner, complaints }) => {
  complaints.allow(/ERR_FAILED|Failed to load resource/u);
  const { upload, paths, stored } = await openUpload(page, owner, 'Resume');
  const names = Array.from({ length: 45 }, (_, i) => `frame-${String(i).padStart(2, '0')}.jpg`);
  const bytes = await photo({ width: 320, height: 240, seed: 41 });
  const files = onDisk(Object.fromEntries(names.map((name) => [name, bytes])));

  // The line goes dead after 35 files: the others hang until the reload.
  const revive = await dieAfter(page, 35);
  await upload.chooseFiles(files);
  await expect.poll(async () => (await paths()).length).toBeGreaterThan(0);
  const before = await stored();

  page.once('dialog', (dialog) => void dialog.accept());
  await page.reload();
  revive();
  const dock = page.getByRole('complementary', { name: 'Uploads' });
  // At least the ten that never left, and never all; those on their way when the page went are asked for again too.
  await expect(dock).toContainText(/Interrupted\. Pick the same files again: (?:[1-3]\d|4[0-4]) are missing\./u);
  await dock.getByRole('button', { name: 'Pick the files again' }).click();
  // A slip of the hand does not cost the whole of it.
  await upload.dialog.getByRole('button', { name: 'Cancel upload' }).click();
  await page
    .getByRole('dialog', { name: 'Cancel this upload?' })
    .getByRole('button', { name: 'Keep uploading' })
    .click();
  await upload.chooseFiles(files);
  await upload.expectFinished({ uploaded: 45 });

  expect(await paths()).toEqual(names);
  // What had arrived was not sent again.
  const kept = before.map(({ id }) => expect.objectContaining({ id }) as unknown);
  expect(await stored()).toEqual(expect.arrayContaining(kept));
});
