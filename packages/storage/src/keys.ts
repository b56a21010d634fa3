// Every key of both buckets. Keys are relative and never hold an endpoint or a bucket, so moving the objects to another
// server changes nothing that the databases hold.
import { InvalidKey } from './errors.js';

/** S3's and R2's limit. */
export const MAX_KEY_BYTES = 1024;
/** Leaves room in `MAX_KEY_BYTES` for the longest prefix and suffix a path is put between. */
export const MAX_IMAGE_PATH_BYTES = 960;

/** Characters no key may hold: controls break logs and XML, noncharacters and U+2028/9 break XML and scripts. */
const FORBIDDEN = /[\p{Cc}\p{Noncharacter_Code_Point}\u2028\u2029]/u;

/** Datasets bucket: everything of one dataset. */
export function datasetPrefix(dataset_id: number): string {
  return `${dataset_id}/`;
}

/** Datasets bucket: an original image. `path` comes from `normaliseImagePath`. */
export function imageKey(dataset_id: number, path: string): string {
  return `${dataset_id}/images/${path}`;
}

/** Datasets bucket: an image's preview, always JPEG, fitting 256×256 pixels. */
export function thumbnailKey(dataset_id: number, path: string): string {
  return `${dataset_id}/thumbnails/${path}.jpg`;
}

/** Datasets bucket: a picture an image had, when its place went to another one. */
export function keptPictureKey(dataset_id: number, image_id: number, sha256: string): string {
  return `${dataset_id}/kept/${image_id}/${sha256}`;
}

/** Datasets bucket: the n-th file of a direct upload, before it is checked and becomes an image. */
export function stagedUploadKey(dataset_id: number, upload_id: number | string, n: number): string {
  return `${stagedUploadPrefix(dataset_id, upload_id)}${n}`;
}

/** Datasets bucket: all files of one direct upload. */
export function stagedUploadPrefix(dataset_id: number, upload_id: number | string): string {
  return `${dataset_id}/uploads/${upload_id}/`;
}

/** Annotations bucket: everything of one project. */
export function projectPrefix(project_id: number): string {
  return `${project_id}/`;
}

/** Annotations bucket: an export. `folder` tells exports of one day apart: a version's or an export's id. */
export function exportKey(project_id: number, folder: number | string, file_name: string): string {
  return `${project_id}/exports/${folder}/${file_name}`;
}

/** `coco_20261122.json`, `yolo_20261122.zip`, …; the day is UTC's. */
export function exportFileName(format: string, extension: string, date: Date): string {
  const day = date.toISOString().slice(0, 10).replaceAll('-', '');
  return `${format}_${day}.${extension}`;
}

/**
 * Refuses keys that some server, disk, proxy or browser would read as another key: traversal, empty or `.` segments,
 * backslashes, controls, more than `MAX_KEY_BYTES`, text that is not valid Unicode.
 *
 * @throws InvalidKey
 */
export function assertKey(key: string): void {
  if (key === '') throw new InvalidKey('A storage key must not be empty.');
  assertText(key);
  for (const segment of key.split('/')) assertSegment(key, segment);
}

/**
 * The same for what `list` may be asked: empty, or the beginning of a key, also one ending in `/`.
 *
 * @throws InvalidKey
 */
export function assertKeyPrefix(prefix: string): void {
  assertText(prefix);
  // The last segment may be unfinished: `a/`, `a/.` and `a/..` begin `a/b`, `a/.keep` and `a/..b`.
  for (const segment of prefix.split('/').slice(0, -1)) assertSegment(prefix, segment);
}

function assertText(key: string): void {
  if (!key.isWellFormed()) throw invalid(key.toWellFormed(), 'holds half of a surrogate pair');
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw invalid(`${key.slice(0, 80)}…`, `is over ${MAX_KEY_BYTES} bytes`);
  if (FORBIDDEN.test(key)) throw invalid(key, 'holds a control or non-character');
  if (key.includes('\\')) throw invalid(key, 'holds a backslash');
}

function assertSegment(key: string, segment: string): void {
  if (segment === '') throw invalid(key, 'has an empty segment');
  if (segment === '.' || segment === '..') throw invalid(key, `has a segment "${segment}"`);
}

function invalid(key: string, problem: string): InvalidKey {
  return new InvalidKey(`Storage key ${JSON.stringify(key)} ${problem}.`, { key });
}

export type ImagePathProblem = 'empty' | 'traversal' | 'control_character' | 'broken_unicode' | 'too_long';
export type ImagePathResult = { ok: true; path: string } | { ok: false; reason: ImagePathProblem };

/**
 * The path under which an uploaded file is kept, from whatever a browser, archive or program calls it: NFC (macOS sends
 * NFD, and R2 treats both as one object), `/` between folders, no leading `./` or `/`, no empty folders. Dots, spaces and
 * any letters stay. Paths that are equal after this are the same image.
 */
export function normaliseImagePath(name: string): ImagePathResult {
  if (!name.isWellFormed()) return { ok: false, reason: 'broken_unicode' };
  // Before the regular expressions: NFC of hostile megabytes is not worth waiting for.
  if (name.length > 4 * MAX_IMAGE_PATH_BYTES) return { ok: false, reason: 'too_long' };
  const path = name.normalize('NFC').replaceAll('\\', '/');
  if (FORBIDDEN.test(path)) return { ok: false, reason: 'control_character' };
  const segments = path.split('/');
  if (segments.includes('..')) return { ok: false, reason: 'traversal' };
  const file_name = segments.at(-1);
  if (file_name === '' || file_name === '.') return { ok: false, reason: 'empty' };
  const kept = segments.filter((segment) => segment !== '' && segment !== '.').join('/');
  if (Buffer.byteLength(kept) > MAX_IMAGE_PATH_BYTES) return { ok: false, reason: 'too_long' };
  return { ok: true, path: kept };
}
