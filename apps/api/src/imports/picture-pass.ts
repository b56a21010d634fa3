import type { ImportPictureRow, LabelerDb } from '@labelyard/db';
import { UnreadableFile } from '@labelyard/formats';
import { normaliseImagePath, type StorageDriver } from '@labelyard/storage';
import type { ImageReader } from '../images/image-reader.js';
import { bodyOf } from '../images/received-file.js';
import type { FoundImage, ImageFinder } from './image-finder.js';
import { readableOf, type ImportSource, type SourceFile } from './import-source.js';
import type { IssueList } from './issue-list.js';
import { isPicture } from './picture-paths.js';
import type { PictureTargets } from './picture-targets.js';

export interface PicturePassOptions {
  readonly db: LabelerDb;
  readonly datasets: StorageDriver;
  readonly reader: ImageReader;
  readonly max_bytes: number;
  readonly import_id: number;
  readonly dataset_id: number;
  readonly new_images: boolean;
  readonly targets: PictureTargets;
  /** Where pictures of archives are put, so that making images of them is a copy; null when nothing is to be imported yet. */
  readonly stagedKey: ((n: number) => string) | null;
  /** Called after each picture; what it throws ends the pass. */
  readonly step: () => Promise<void>;
  readonly signal: AbortSignal;
}

/** Pictures written down together. */
const BATCH = 100;
const BATCH_WRITTEN = 5_000;

/**
 * Decides what each picture that came along is: an image of the dataset by path, by name and size, or by content; a new one; or none.
 * What was found out is written down as it goes, so a job that begins again looks only at what it has not seen.
 */
export async function passPictures(
  source: ImportSource,
  finder: ImageFinder,
  issues: IssueList,
  options: PicturePassOptions,
): Promise<ImportPictureRow[]> {
  const { db, import_id } = options;
  const known = new Map<string, ImportPictureRow>();
  for (let cursor: string | null = null; ;) {
    const page = await db.importFindings.pictures(import_id, undefined, { limit: 5_000, cursor });
    for (const row of page.items) known.set(row.file, row);
    cursor = page.next_cursor;
    if (!cursor) break;
  }
  const rows: ImportPictureRow[] = [];
  /** Which of them goes to a place first; the others there have the same bytes. */
  const firsts = new Map<string, number>();
  const copies: { readonly file: string; readonly n: number }[] = [];
  let waiting: ImportPictureRow[] = [];
  const flush = async () => {
    const settled = await settle(waiting, options);
    await db.importFindings.putPictures(import_id, settled);
    rows.push(...settled);
    waiting = [];
  };
  const pictures = source.files.filter(({ path }) => isPicture(path));
  for (const [n, file] of pictures.entries()) {
    const place = placeOf(file, finder, options.targets);
    if (!place) {
      issues.error('unsafe_path', { file: file.path }, 'The path of the picture cannot be used');
      continue;
    }
    if ('image' in place) {
      const { image } = place;
      finder.addPicture(file.path, image);
      if (sizeOf(image) !== file.size_bytes && known.get(file.path)?.fate !== 'rejected')
        issues.warn('picture_differs', { file: file.path }, `The dataset has another picture at "${image.path}"; that one stays and gets the labels`); // prettier-ignore
      continue;
    }
    const { target } = place;
    const first = firsts.get(target);
    if (first !== undefined) {
      copies.push({ file: file.path, n: first });
      continue;
    }
    firsts.set(target, n);
    const alike = finder.byName(file.path);
    if (alike && sizeOf(alike) === file.size_bytes) {
      finder.addPicture(file.path, alike);
      waiting.push({ ...blank(n, file, alike.path), fate: 'matched_by_name', image_id: alike.id });
    } else {
      waiting.push(await looked(n, file, target, known.get(file.path), options));
    }
    if (waiting.length >= BATCH) await flush();
    await options.step();
  }
  await flush();
  await reserve(rows, options);
  const found = new Map<number, FoundImage>();
  for (const row of rows) {
    if (row.fate === 'rejected') {
      issues.error('bad_picture', { file: row.file }, row.message ?? 'The picture cannot be read');
    } else if (row.fate !== 'new' || options.new_images) {
      const { n, image_id, path, width, height } = row;
      const stored = row.fate === 'new' ? null : finder.exact(path);
      const image = stored ?? { id: image_id ?? 0, path, width: width ?? 0, height: height ?? 0 };
      finder.addPicture(row.file, image);
      found.set(n, image);
    }
  }
  for (const { file, n } of copies) {
    const image = found.get(n);
    if (image) finder.addPicture(file, image);
  }
  return rows;
}

/** The image of the dataset that a picture is as far as its path and size tell, else where it goes; null when its path cannot be used. */
function placeOf(
  { path: file, size_bytes }: SourceFile,
  finder: ImageFinder,
  targets: PictureTargets,
): { readonly image: FoundImage } | { readonly target: string } | null {
  const taken: FoundImage[] = [];
  let target: string | undefined;
  for (const path of targets(file)) {
    const named = normaliseImagePath(path);
    if (!named.ok) continue;
    const image = finder.exact(named.path);
    if (image) taken.push(image);
    else target ??= named.path;
  }
  const same = taken.find((image) => sizeOf(image) === size_bytes);
  if (same) return { image: same };
  if (target !== undefined) return { target };
  const [other] = taken;
  return other ? { image: other } : null;
}

function sizeOf(image: object): number {
  return (image as { size_bytes?: number }).size_bytes ?? -1;
}

function blank(n: number, file: SourceFile, path: string): ImportPictureRow {
  return { n, file: file.path, path, fate: 'new', image_id: null, width: null, height: null, size_bytes: file.size_bytes, sha256: null, content_type: null, staged: false, code: null, message: null }; // prettier-ignore
}

async function looked(
  n: number,
  file: SourceFile,
  path: string,
  known: ImportPictureRow | undefined,
  { datasets, reader, max_bytes, stagedKey, signal }: PicturePassOptions,
): Promise<ImportPictureRow> {
  const row = blank(n, file, path);
  const rejected = (code: string, message: string) => ({ ...row, fate: 'rejected' as const, code, message });
  const to_stage = stagedKey !== null && file.object === null;
  if (known?.fate === 'rejected') return { ...known, n };
  if (known?.sha256 && (known.staged || !to_stage)) return { ...known, n, path, fate: 'new', image_id: known.fate === 'new' ? known.image_id : null }; // prettier-ignore
  try {
    await using received = await reader.receive(readableOf(file), { max_bytes, signal });
    if (!received) return rejected('file_too_large', `The picture is larger than ${max_bytes} bytes`);
    const inspection = await reader.inspect(received);
    if (!inspection.ok) return rejected(inspection.code, inspection.message);
    const { width, height, content_type } = inspection.facts;
    const { size_bytes, sha256 } = received;
    if (to_stage) await datasets.put(stagedKey(n), bodyOf(received), { content_type, size: size_bytes, signal });
    return { ...row, width, height, content_type, size_bytes, sha256, staged: to_stage };
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    return rejected(error.code, error.message);
  }
}

/** Pictures whose content the dataset has under another name are that image. */
async function settle(
  rows: readonly ImportPictureRow[],
  { db, dataset_id }: PicturePassOptions,
): Promise<ImportPictureRow[]> {
  const hashes = rows.flatMap(({ fate, sha256 }) => (fate === 'new' && sha256 ? [sha256] : []));
  if (hashes.length === 0) return [...rows];
  const images = new Map((await db.importTarget.byHashes(dataset_id, hashes)).map((image) => [image.sha256, image]));
  return rows.map((row) => {
    const image = row.fate === 'new' && row.sha256 ? images.get(row.sha256) : undefined;
    return image ? { ...row, fate: 'matched_by_hash', image_id: image.id, path: image.path } : row;
  });
}

/** Ids for images to be made: their annotations name them before they are there. */
async function reserve(rows: ImportPictureRow[], { db, import_id, stagedKey }: PicturePassOptions): Promise<void> {
  const missing = rows.flatMap(({ fate, image_id }, index) => (fate === 'new' && image_id === null ? [index] : []));
  if (missing.length === 0 || !stagedKey) return;
  const ids = await db.importTarget.reserveIds('image_metadata', missing.length);
  missing.forEach((index, n) => {
    rows[index] = { ...(rows[index] as ImportPictureRow), image_id: ids[n] as number };
  });
  for (let at = 0; at < missing.length; at += BATCH_WRITTEN) {
    const part = missing.slice(at, at + BATCH_WRITTEN).map((index) => rows[index] as ImportPictureRow);
    await db.importFindings.putPictures(import_id, part);
  }
}
