import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { whileDead } from './control';
import { makeDataset } from './dataset';
import { expect, test } from './journey';
import { UploadDialog } from './pages/upload-dialog';
import { photo } from './pictures/photo';

test('the API is killed in the middle of an upload: it goes on by itself, every file is there once', async ({
  page,
  owner,
  complaints,
}) => {
  test.setTimeout(120_000);
  complaints.allow(/Failed to load resource/u, /ERR_CONNECTION|ERR_EMPTY_RESPONSE|CORS policy/u);
  const { dataset } = await makeDataset(owner, { name: 'Interrupted', files: [] });
  const dir = join(test.info().outputPath(), 'many');
  mkdirSync(dir, { recursive: true });
  const bytes = await photo({ width: 1600, height: 1200, seed: 51 });
  const names = Array.from({ length: 60 }, (_, i) => `frame-${String(i).padStart(2, '0')}.jpg`);
  for (const name of names) writeFileSync(join(dir, name), bytes);
  const stored = async () =>
    (
      await owner.api('images.list', {
        params: { project_id: dataset.project_id },
        query: { limit: 500, sort: 'path' },
      })
    ).items;

  await page.goto(`/datasets/${dataset.id}`);
  const upload = new UploadDialog(page);
  await upload.open();
  let puts = 0;
  const reached = (count: number) =>
    page.waitForRequest((request) => request.method() === 'PUT' && (puts += 1) >= count);
  const early = reached(8);
  await upload.chooseFiles(names.map((name) => join(dir, name)));
  await early;
  await whileDead('api', async () => undefined);
  await reached(puts + 15);
  await whileDead('api', () =>
    expect(upload.status).toHaveText('No answer. Goes on by itself as soon as there is one.'),
  );

  await upload.expectFinished({ uploaded: 60 });
  const images = await stored();
  expect(images.map(({ path }) => path)).toEqual(names);
  expect(new Set(images.map(({ sha256 }) => sha256)).size).toBe(1);
  // Thumbnails whose jobs died with the server are made all the same.
  await expect
    .poll(async () => (await stored()).filter((image) => !image.thumbnail_url).length, { timeout: 60_000 })
    .toBe(0);
});
