import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeUploadFolder } from './upload-folder.js';

const TWO_DAYS_AGO = new Date(Date.now() - 48 * 3600_000);

let parent: string;
beforeEach(async () => void (parent = await mkdtemp(join(tmpdir(), 'labelyard-test-'))));
afterEach(() => rm(parent, { recursive: true }));

test('clears what a process that was killed left behind, and nothing else', async () => {
  const left = await makeUploadFolder(parent);
  const foreign = await mkdtemp(join(parent, 'somebody-elses-'));
  for (const folder of [left, foreign]) await utimes(folder, TWO_DAYS_AGO, TWO_DAYS_AGO);
  const own = await makeUploadFolder(parent);
  expect((await readdir(parent)).sort()).toEqual([basename(own), basename(foreign)].sort());
});

test('leaves the folder of a process that runs and had no upload for days', async () => {
  const idle = await makeUploadFolder(parent, 5);
  await utimes(idle, TWO_DAYS_AGO, TWO_DAYS_AGO);
  while ((await stat(idle)).mtimeMs <= TWO_DAYS_AGO.getTime()) await delay(5);
  await makeUploadFolder(parent);
  expect(await readdir(parent)).toContain(basename(idle));
});
