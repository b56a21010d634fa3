import type { Split } from '../codec.js';
import type { ImportFile } from '../reading/import-codec.js';
import type { ImportDesk } from '../reading/import-desk.js';
import { splitNamed } from '../splits.js';
import { YOLO_IMAGE_EXTENSIONS } from './yolo-options.js';

/** `classes.txt`, `train2017.txt`, `README.dataset.txt` and the like lie beside label files and are none; `train_1.txt` is one. */
const OTHER_TEXT =
  /^(?:classes|obj|(?:train|val|valid|test)(?:-dev)?(?:20\d\d)?|readme|notes|labels|requirements)(?:\.[^/]*)?\.txt$/iu;

export function isLabelFile({ path }: ImportFile): boolean {
  if (!/\.txt$/iu.test(path)) return false;
  const parts = path.split('/');
  if (parts.slice(0, -1).some((part) => part.toLowerCase() === 'labels')) return true;
  return !OTHER_TEXT.test(parts.at(-1) ?? '');
}

/** By its extension; trainers read no others. */
export const isPicture = (path: string): boolean =>
  YOLO_IMAGE_EXTENSIONS.includes(path.slice(path.lastIndexOf('.') + 1).toLowerCase());
const withoutExtension = (path: string): string => path.slice(0, path.lastIndexOf('.'));

/** `…/labels/train/a/b.txt` → split train, stem `a/b`; `train/labels/b.txt` as well. */
export function placeOf(path: string): { stem: string; split: Split | null } {
  const parts = withoutExtension(path).split('/');
  const at = parts.findLastIndex((part, n) => n < parts.length - 1 && part.toLowerCase() === 'labels');
  if (at < 0) return { stem: parts.join('/'), split: null };
  const below = parts.slice(at + 1);
  const next = below.length > 1 ? splitNamed(below[0] ?? '') : null;
  if (next) return { stem: below.slice(1).join('/'), split: next };
  return { stem: below.join('/'), split: splitNamed(parts[at - 1] ?? '') };
}

/** The same of a picture: trainers put `labels` for `images` in its path. */
export function placeOfPicture(path: string): { stem: string; split: Split | null } {
  return placeOf(path.replace(/(^|\/)images\//iu, '$1labels/'));
}

/** Stem as label files name it → path of the picture. */
export function pictureStems(files: readonly ImportFile[]): Map<string, string> {
  const stems = new Map<string, string>();
  for (const { path } of files) {
    if (!isPicture(path)) continue;
    const { stem, split } = placeOfPicture(path);
    stems.set(`${split ?? ''} ${stem}`, path);
  }
  return stems;
}

/** The path to look for: of the picture that came along, else of an image of the dataset, under every extension that trainers read. */
export async function pictureOf(
  desk: ImportDesk,
  stem: string,
  split: Split | null,
  pictures: ReadonlyMap<string, string>,
): Promise<string> {
  const beside = pictures.get(`${split ?? ''} ${stem}`);
  const { findImage } = desk.options;
  if (beside !== undefined && (!findImage || (await findImage(beside)))) return beside;
  if (findImage) {
    const extensions = beside ? [beside.slice(beside.lastIndexOf('.') + 1)] : EXTENSIONS;
    for (const folder of ['', `${split ?? ''}/`, `images/${split ?? ''}/`]) {
      for (const extension of extensions) {
        const path = `${folder === '/' ? '' : folder}${stem}.${extension}`;
        if (await findImage(path)) return path;
      }
    }
  }
  return beside ?? `${stem}.jpg`;
}

const EXTENSIONS = ['jpg', 'jpeg', 'png', 'webp', 'JPG', 'JPEG', 'PNG', ...YOLO_IMAGE_EXTENSIONS.slice(0, -1)];
