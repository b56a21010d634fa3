import { zipOf } from '../src/features/uploads/testing/zip-of';
import { expect, test } from './journey';
import { truncatedJpeg } from './pictures/odd-files';
import { photo } from './pictures/photo';
import { dieAfter, onDisk, openUpload } from './uploading';

test('archives: pictures arrive with their folders, what cannot be used is refused by name', async ({
  page,
  owner,
}) => {
  const { upload, grid, paths } = await openUpload(page, owner, 'Archives');
  const [day, night, alone] = await Promise.all([1, 2, 3].map((seed) => photo({ width: 400, height: 300, seed })));
  const scripts: string[] = [];
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()));
  const files = onDisk({
    'alone.jpg': alone ?? '',
    'shoot.zip': zipOf([
      { name: 'shoot/', bytes: '', method: 0, mode: 0o040755 },
      { name: 'shoot/day/1.jpg', bytes: day },
      { name: 'shoot/밤/2.jpg', bytes: night, method: 0 },
      { name: 'shoot/broken.jpg', bytes: await truncatedJpeg() },
      { name: 'shoot/notes.txt', bytes: 'remember the milk' },
      { name: 'shoot/damaged.jpg', bytes: day, crc: 1 },
      { name: 'shoot/bomb.jpg', bytes: Buffer.alloc(5_000_000), size: 1_000 },
      { name: 'shoot/secret.jpg', bytes: day, flags: 1 },
      { name: '../outside.jpg', bytes: day },
      { name: '__MACOSX/shoot/._1.jpg', bytes: 'litter' },
      { name: 'shoot/.DS_Store', bytes: 'litter' },
    ]),
    'cut off.zip': zipOf([{ name: 'a.jpg', bytes: day }]).subarray(0, 900),
    'letters.zip': zipOf([{ name: 'letter.txt' }]),
  });
  expect(scripts).toEqual([]);
  await upload.drop(files);
  await upload.expectFinished({ uploaded: 3, refused: 8 });
  expect(scripts.length).toBeGreaterThan(0);
  for (const [name, reason] of [
    ['shoot/broken.jpg', 'The image is damaged'],
    ['shoot/notes.txt', 'Not an image'],
    ['shoot/damaged.jpg', 'Damaged in the archive'],
    ['shoot/bomb.jpg', 'Larger than its archive says'],
    ['shoot/secret.jpg', 'Needs a password'],
    ['../outside.jpg', 'The path leads out of the archive'],
    ['cut off.zip', 'The archive is damaged or incomplete'],
    ['letters.zip', 'No images in this archive'],
  ] as const)
    await expect(upload.row(name)).toContainText(reason);
  const expected = ['alone.jpg', 'shoot/day/1.jpg', 'shoot/밤/2.jpg'];
  expect(await paths()).toEqual(expected);
  await upload.close();
  for (const path of expected) await grid.expectThumbnail(path);
});

test('an archive whose upload a reload interrupted is chosen again and goes on where it was', async ({
  page,
  owner,
  complaints,
}) => {
  complaints.allow(/ERR_FAILED|Failed to load resource/u);
  const { upload, paths, stored } = await openUpload(page, owner, 'Archive, resumed');
  const bytes = await photo({ width: 320, height: 240, seed: 41 });
  const names = Array.from({ length: 45 }, (_, i) => `set/frame-${String(i).padStart(2, '0')}.jpg`);
  const parts = names.map((name) => ({ name, bytes }));

  // The line goes dead after 35 files: the others hang until the reload.
  const revive = await dieAfter(page, 35);
  await upload.chooseFiles(onDisk({ 'set.zip': zipOf(parts) }));
  await expect.poll(async () => (await paths()).length).toBeGreaterThan(0);
  const before = await stored();

  page.once('dialog', (dialog) => void dialog.accept());
  await page.reload();
  revive();
  const dock = page.getByRole('complementary', { name: 'Uploads' });
  await expect(dock).toContainText(/Interrupted\. Pick the same files again: (?:[1-3]\d|4[0-4]) are missing\./u);
  await dock.getByRole('button', { name: 'Pick the files again' }).click();
  // Fetched anew meanwhile: another name, another date, the same content.
  await upload.chooseFiles(onDisk({ 'set (1).zip': zipOf(parts) }));
  await upload.expectFinished({ uploaded: 45 });

  expect(await paths()).toEqual(names);
  const kept = before.map(({ id }) => expect.objectContaining({ id }) as unknown);
  expect(await stored()).toEqual(expect.arrayContaining(kept));
});
