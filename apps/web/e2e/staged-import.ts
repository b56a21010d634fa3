import type { Dataset, ImportJob } from '@labelyard/contract';
import { expect } from './journey';
import type { Session } from './session';

/** A COCO file of boxes on images by path: `[path, class, x, y, w, h]` each. */
export function cocoBoxes(
  images: readonly { readonly path: string; readonly width: number; readonly height: number }[],
  boxes: readonly (readonly [path: string, name: string, ...bbox: number[]])[],
): string {
  const names = [...new Set(boxes.map(([, name]) => name))];
  return JSON.stringify({
    images: images.map(({ path, width, height }, n) => ({ id: n + 1, file_name: path, width, height })),
    categories: names.map((name, n) => ({ id: n + 1, name })),
    annotations: boxes.map(([path, name, ...bbox], n) => ({
      id: n + 1,
      image_id: images.findIndex((image) => image.path === path) + 1,
      category_id: names.indexOf(name) + 1,
      bbox,
      area: (bbox[2] ?? 0) * (bbox[3] ?? 0),
      iscrowd: 0,
    })),
  });
}

/** Brings a file in through the API and waits for the report. */
export async function stageImport(owner: Session, dataset: Dataset, path: string, text: string): Promise<ImportJob> {
  const bytes = Buffer.from(text);
  const upload = await owner.api('uploads.create', {
    params: { dataset_id: dataset.id },
    body: { purpose: 'import', files: [{ path, size: bytes.length }] },
  });
  const [target] = upload.files;
  const headers = { 'content-type': target?.content_type ?? '' };
  await fetch(target?.put_url ?? '', { method: 'PUT', headers, body: bytes });
  await owner.api('uploads.complete', { params: { upload_id: upload.id }, body: {} });
  const { project_id } = dataset;
  const { id } = await owner.api('imports.create', { body: { project_id, upload_id: upload.id } });
  const params = { import_id: id };
  await expect.poll(async () => (await owner.api('imports.get', { params })).status).toBe('ready');
  return owner.api('imports.get', { params });
}
