import type { Split } from '../codec.js';
import { peekText } from '../reading/file-text.js';
import type { ImportFile } from '../reading/import-codec.js';
import { splitNamed } from '../splits.js';
import { LEAST_NUMBERS, yoloLines } from './yolo-line.js';
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
export const isPicture = (path: string): boolean => YOLO_IMAGE_EXTENSIONS.includes(extensionOf(path).toLowerCase());
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

/** What a label file and its picture have in common. */
export const placeKey = ({ stem, split }: ReturnType<typeof placeOf>): string => `${split ?? ''} ${stem}`;

/** Paths of the pictures that share a label file, by its place. */
export function picturesByPlace(files: readonly ImportFile[]): Map<string, string[]> {
  const pictures = new Map<string, string[]>();
  for (const { path } of files) {
    if (!isPicture(path)) continue;
    const key = placeKey(placeOfPicture(path));
    const others = pictures.get(key);
    if (others) others.push(path);
    else pictures.set(key, [path]);
  }
  return pictures;
}

/** Label files by path. `classes.txt` below `labels`, as labelImg writes it, is one only when it is empty or has rows. */
export async function labelFiles(files: readonly ImportFile[]): Promise<ImportFile[]> {
  const labels: ImportFile[] = [];
  for (const file of files) if (isLabelFile(file) && !(await isListOfNames(file))) labels.push(file);
  return labels.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function isListOfNames(file: ImportFile): Promise<boolean> {
  if (!/(?:^|\/)classes\.txt$/iu.test(file.path)) return false;
  const text = await peekText(file);
  if (text.trim() === '') return false;
  return [...yoloLines(text, file.path)].every((line) => 'code' in line || line.numbers.length < LEAST_NUMBERS);
}

/** Nothing but pictures in `<split>/<class>/`, `train` among the splits, and texts beside them: a dataset for classification. */
export function areClassFolders(files: readonly ImportFile[]): boolean {
  const pictures = files.filter(({ path }) => isPicture(path));
  const splits = pictures.map(({ path }) => {
    const [split = '', folder = 'images'] = path.split('/').slice(-3, -1);
    return folder.toLowerCase() === 'images' ? null : splitNamed(split);
  });
  const others = files.filter((file) => !isPicture(file.path));
  return (
    splits.includes('train') &&
    !splits.includes(null) &&
    others.every((file) => /\.(?:txt|md)$/iu.test(file.path) && !isLabelFile(file))
  );
}

export const extensionOf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);
