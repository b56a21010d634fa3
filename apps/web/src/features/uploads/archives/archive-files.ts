import { imageType } from '../image-type';
import { isLitter, type FoundFile } from '../picked-files';
import { readDirectory, type ArchiveEntry } from './archive-directory';
import { ArchiveError } from './archive-problem';
import { isGarbled, leadsOut } from './entry-name';
import { DEFLATED, PackedFile, STORED } from './packed-file';

/** For file dialogs. */
export const ARCHIVE_ENDING = '.zip';

/** Whether a picked file is an archive of files, by its ending. */
export function isArchive(path: string): boolean {
  return path.toLowerCase().endsWith(ARCHIVE_ENDING);
}

/**
 * The files of a picked archive, with their paths inside it: below the folder that it lies in, as if it had been unpacked
 * there. What is wrong with one of them is said of that one; what is wrong with the archive, of the archive.
 */
export async function filesOfArchive(path: string, archive: File): Promise<FoundFile[]> {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const refused = (problem: FoundFile['problem']): FoundFile[] => [{ path, file: archive, problem }];
  if (archive.size === 0) return refused('empty_file');
  try {
    const entries = await readDirectory(archive);
    if (!entries.some(({ name }) => imageType(name, '') !== null && !isLitter(pathOf(name))))
      return refused('archive_without_images');
    return entries.map((entry) => ({
      path: folder + pathOf(entry.name),
      file: new PackedFile(archive, entry),
      problem: problemOf(entry),
    }));
  } catch (error) {
    if (error instanceof ArchiveError) return refused(error.code);
    throw error;
  }
}

/** What the directory already tells. */
function problemOf({ name, method, encrypted, link }: ArchiveEntry): FoundFile['problem'] {
  if (leadsOut(name)) return 'unsafe_path';
  if (isGarbled(name)) return 'garbled_name';
  if (link) return 'not_an_image';
  if (encrypted) return 'encrypted';
  if (method !== STORED && method !== DEFLATED) return 'unknown_compression';
  return null;
}

function pathOf(name: string): string {
  return name.replaceAll('\\', '/').replace(/^(?:\.\/+)+/u, '');
}
