import type { ProjectImage } from '@labelyard/contract';
import type { Page } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeDataset } from './dataset';
import { test } from './journey';
import { DatasetPage } from './pages/dataset-page';
import { UploadDialog } from './pages/upload-dialog';
import type { Session } from './session';

/** Writes files below the test's own folder. Returns their paths on disk. */
export function onDisk(files: Readonly<Record<string, Buffer | string>>): string[] {
  return Object.entries(files).map(([name, bytes]) => {
    const path = join(test.info().outputPath(), name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    return path;
  });
}

/** A new dataset's page with the upload dialog open, and what the dataset has. */
export async function openUpload(page: Page, owner: Session, name: string) {
  const { dataset } = await makeDataset(owner, { name, files: [] });
  await page.goto(`/datasets/${dataset.id}`);
  const upload = new UploadDialog(page);
  await upload.open();
  const stored = async (): Promise<ProjectImage[]> =>
    (await owner.api('images.list', { params: { project_id: dataset.project_id }, query: { limit: 500 } })).items;
  const paths = async () => (await stored()).map(({ path }) => path).sort();
  return { upload, dataset, grid: new DatasetPage(page), stored, paths };
}

/** The line to the storage goes dead after so many files: the others hang. Answers what brings it back to life. */
export async function dieAfter(page: Page, files: number): Promise<() => void> {
  let [sent, dead] = [0, true];
  await page.route(isStorage, (route) => {
    if (route.request().method() !== 'PUT' || !dead) return route.continue();
    sent += 1;
    return sent <= files ? route.continue() : undefined;
  });
  return () => void (dead = false);
}

/** The storage's own address: it is another origin than the pages. */
function isStorage(url: URL): boolean {
  return /\/(?:storage|s3)\//u.test(url.pathname);
}
