import { createHash } from 'node:crypto';
import type { FormatName } from '@labelyard/formats';
import type { SourceFile } from './import-source.js';
import { isPicture, WITHOUT_FOLDERS } from './picture-paths.js';

/** Where a picture may go in the dataset, the best place first. */
export type PictureTargets = (path: string) => readonly string[];

/**
 * Pictures are put where the dataset had them: without the folders that the format puts pictures into, as far as different pictures keep
 * different paths by that. YOLO has a folder for each split as well.
 */
export async function pictureTargets(files: readonly SourceFile[], format: FormatName): Promise<PictureTargets> {
  const pictures = files.filter(({ path }) => isPicture(path));
  const ways = WITHOUT_FOLDERS.slice(format === 'yolo' ? 0 : 1);
  while (ways.length > 1 && !(await keepsApart(pictures, ways[0] as (path: string) => string))) ways.shift();
  return (path) => [...new Set(ways.map((way) => way(path)))];
}

async function keepsApart(pictures: readonly SourceFile[], way: (path: string) => string): Promise<boolean> {
  const taken = new Map<string, SourceFile>();
  for (const picture of pictures) {
    const target = way(picture.path);
    const other = taken.get(target);
    if (other && !(await haveSameBytes(other, picture))) return false;
    taken.set(target, picture);
  }
  return true;
}

async function haveSameBytes(a: SourceFile, b: SourceFile): Promise<boolean> {
  return a.size_bytes === b.size_bytes && (await hashOf(a)) === (await hashOf(b));
}

async function hashOf(file: SourceFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.chunks()) hash.update(chunk);
  return hash.digest('hex');
}
