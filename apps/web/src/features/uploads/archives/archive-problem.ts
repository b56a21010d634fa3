import { isReadable } from '../is-readable';

/**
 * Why an archive, or a file in it, cannot be taken.
 * - archive_damaged: broken, cut off, a part of a split one, or no archive at all
 * - archive_not_opened: what reads archives could not be loaded
 * - unpacks_to_more: than the archive says; a bomb
 */
export type ArchiveProblem =
  | 'archive_damaged'
  | 'archive_not_opened'
  | 'archive_without_images'
  | 'encrypted'
  | 'unknown_compression'
  | 'damaged_in_archive'
  | 'unpacks_to_more'
  | 'unsafe_path'
  | 'garbled_name'
  | 'file_unreadable';

/** An archive that cannot be listed, or a file that cannot be unpacked. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  constructor(readonly code: ArchiveProblem) {
    super(`Reading the archive failed: ${code}`);
  }
}

/** What reading an archive failed with, unless the archive itself was moved, changed or deleted meanwhile. */
export async function whyUnread(archive: Blob, otherwise: ArchiveProblem): Promise<ArchiveError> {
  return new ArchiveError((await isReadable(archive)) ? otherwise : 'file_unreadable');
}
