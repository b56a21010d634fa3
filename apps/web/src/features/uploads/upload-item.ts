import type { RejectionCode } from '@labelyard/contract';
import type { ArchiveProblem } from './archives/archive-problem';
import type { PackedFile } from './archives/packed-file';
import { imageType } from './image-type';

/**
 * Where one file stands.
 * - waiting: not announced to the server yet
 * - announced: the server waits for its bytes
 * - sent: its bytes are in the storage, not looked at yet
 * - done, skipped (the dataset has its path), rejected (refused; see `code`), failed (gave up; can be tried again)
 */
export const ITEM_STATES = ['waiting', 'announced', 'sent', 'done', 'skipped', 'rejected', 'failed'] as const;
export type ItemState = (typeof ITEM_STATES)[number];

/** Reasons of our own besides the server's. */
export type ItemProblem = RejectionCode | ArchiveProblem | 'transfer_failed' | 'file_unreadable';

export interface SentPart {
  readonly number: number;
  readonly etag: string;
}

/** One file of an upload, as kept in IndexedDB. */
export interface UploadItem {
  readonly run_id: string;
  /** Place in the upload, from 0. */
  readonly n: number;
  /** Relative path with forward slashes, as picked. */
  readonly path: string;
  readonly size: number;
  /** `lastModified` of the file, to recognise it when it is picked again; in an archive, its checksum. */
  readonly modified: number;
  readonly type: string;
  readonly state: ItemState;
  /** Session that knows the file, and the path it has there. */
  readonly upload_id: number | null;
  readonly server_path: string;
  /** Parts that arrived; joining them needs their ETags. */
  readonly parts: readonly SentPart[];
  readonly code: ItemProblem | null;
  /** Times the server asked for the bytes again. */
  readonly resent: number;
}

/** Nothing more happens to it by itself. */
export function isFinal({ state }: Pick<UploadItem, 'state'>): boolean {
  return state === 'done' || state === 'skipped' || state === 'rejected' || state === 'failed';
}

/** Its bytes are still needed, so the file must be at hand. */
export function needsBytes({ state }: Pick<UploadItem, 'state'>): boolean {
  return state === 'waiting' || state === 'announced';
}

/** A file on disk, or one in an archive. */
export type FileAtHand = (Blob | PackedFile) & { readonly lastModified?: number };

export interface PickedFile {
  readonly path: string;
  readonly file: FileAtHand;
}

export function newItem(
  run_id: string,
  n: number,
  { path, file }: { path: string; file: { size: number; type?: string; lastModified?: number } },
): UploadItem {
  return {
    run_id,
    n,
    path,
    size: file.size,
    modified: file.lastModified ?? 0,
    type: imageType(path, file.type ?? '') ?? 'application/octet-stream',
    state: 'waiting',
    upload_id: null,
    server_path: path,
    parts: [],
    code: null,
    resent: 0,
  };
}

/** What tells files apart: their paths as the server has them, letters with their accents composed. */
export function nameOf(path: string): string {
  return path.normalize('NFC');
}

/** Whether a file picked again is the one the item was made from. */
export function isSameFile(item: UploadItem, { path, file }: PickedFile): boolean {
  return nameOf(item.path) === nameOf(path) && item.size === file.size && item.modified === (file.lastModified ?? 0);
}
