import { imageType } from './image-type';
import { nameOf, type FileAtHand, type ItemProblem, type PickedFile } from './upload-item';

/** What a path may have with its folders; the server says the same. */
const MAX_PATH_BYTES = 960;

/** Traces of operating systems that ride along in folders; nobody wants to read about them. */
const LITTER = /(?:^|\/)(?:\.[^/]*|thumbs\.db|desktop\.ini|__macosx\/.*)$/iu;

const NATURAL = new Intl.Collator('en', { numeric: true });

export interface RefusedFile {
  readonly path: string;
  readonly size: number;
  readonly code: ItemProblem;
}

/** A file that was picked, by itself, in a folder or in an archive. */
export interface FoundFile extends PickedFile {
  /** What is known to be wrong with it already. */
  readonly problem: ItemProblem | null;
}

export interface Sorting {
  readonly accepted: readonly PickedFile[];
  readonly refused: readonly RefusedFile[];
}

/** A file with the path its picker or drag gave it. */
export type FileWithPath = File & { readonly relativePath?: string; readonly path?: string };

/** The path of a picked file inside what was picked: "folder/sub/a.jpg", or just "a.jpg". */
export function pickedPath(file: FileWithPath): string {
  const path = file.relativePath || file.path || file.webkitRelativePath || file.name;
  return path.replaceAll('\\', '/').replace(/^(?:\.?\/)+/u, '');
}

/** Whether it only rides along. */
export function isLitter(path: string): boolean {
  return LITTER.test(path);
}

/** Looks at found files before anything is sent: what is surely no image, empty or too large is refused by name. */
export function sortFiles(files: readonly FoundFile[], maxBytes: number): Sorting {
  const accepted: PickedFile[] = [];
  const refused: RefusedFile[] = [];
  const seen = new Set<string>();
  for (const { path, file, problem } of files) {
    if (isLitter(path)) continue;
    const code = problem ?? refusal(file, path, maxBytes) ?? (seen.has(nameOf(path)) ? 'duplicate_in_request' : null);
    if (code) refused.push({ path, size: file.size, code });
    else accepted.push({ path, file });
    seen.add(nameOf(path));
  }
  // The order of upload becomes the images' order: 2.jpg comes before 10.jpg.
  const byPath = (a: { path: string }, b: { path: string }) => NATURAL.compare(a.path, b.path);
  return { accepted: accepted.sort(byPath), refused: refused.sort(byPath) };
}

function refusal(file: FileAtHand, path: string, maxBytes: number): ItemProblem | null {
  const type = imageType(path, file.type);
  if (file.size === 0) return 'empty_file';
  if (!type) return file.type.startsWith('image/') ? 'unsupported_image_type' : 'not_an_image';
  if (file.size > maxBytes) return 'file_too_large';
  if (new TextEncoder().encode(path).length > MAX_PATH_BYTES) return 'invalid_path';
  return null;
}
