import type { OnDuplicate } from '@labelyard/contract';
import type { UploadFileRow } from '@labelyard/db';
import { stagedUploadKey } from '@labelyard/storage';
import { RequestPaths } from '../images/image-path.js';

/** Files from this size on are sent in parts, so that a lost connection costs one part and not the whole. */
const PARTS_FROM = 16 * 1024 * 1024;
const PART_BYTES = 8 * 1024 * 1024;

export interface AnnouncedFile {
  readonly path: string;
  readonly size: number;
  readonly content_type: string;
  readonly sha256?: string | undefined;
}

/** A file of an upload before it is written down. */
export type PlannedFile = Omit<UploadFileRow, 'upload_id' | 'n' | 'image_id'>;

/**
 * What is to be done with each announced file: refused by name or size, skipped because the dataset has its path, or awaited
 * under a staging key.
 *
 * @param folder unique name of the staging folder
 * @param existing paths the dataset has
 */
export function planUpload(
  announced: readonly AnnouncedFile[],
  {
    dataset_id,
    folder,
    on_duplicate,
    max_bytes,
    existing,
  }: {
    dataset_id: number;
    folder: string;
    on_duplicate: OnDuplicate;
    max_bytes: number;
    existing: ReadonlySet<string>;
  },
): PlannedFile[] {
  const paths = new RequestPaths();
  return announced.map((file, n) => {
    const asked = paths.pathOf(file.path);
    const planned: PlannedFile = {
      path: asked.ok ? asked.path : file.path.toWellFormed().replaceAll('\0', '\uFFFD'),
      size_bytes: file.size,
      content_type: contentType(file.content_type),
      sha256: file.sha256 ?? null,
      status: 'pending',
      storage_key: stagedUploadKey(dataset_id, folder, n),
      multipart_upload_id: null,
      part_size: file.size >= PARTS_FROM ? PART_BYTES : null,
      code: null,
      message: null,
    };
    if (!asked.ok) return refused(planned, asked.code, asked.message);
    if (file.size === 0) return refused(planned, 'empty_file', 'The file is empty (0 bytes).');
    if (file.size > max_bytes) {
      return refused(planned, 'file_too_large', `The file has ${file.size} bytes; at most ${max_bytes} are allowed.`);
    }
    if (on_duplicate === 'skip' && existing.has(asked.path)) {
      return { ...planned, status: 'skipped', storage_key: null, part_size: null };
    }
    return planned;
  });
}

function refused(file: PlannedFile, code: string, message: string): PlannedFile {
  return { ...file, status: 'rejected', storage_key: null, part_size: null, code, message };
}

/** Browsers say "" for what they do not know; the type is signed into the URL and must be a header value. */
function contentType(announced: string): string {
  return /^[\w.+-]+\/[\w.+-]+$/u.test(announced) ? announced.toLowerCase() : 'application/octet-stream';
}
