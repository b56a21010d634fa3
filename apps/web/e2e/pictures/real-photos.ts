import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Real photographs beside the checkout, on machines that have them. They are never part of the repository. */
const FOLDERS = ['photos', 'labelme-bbox'].map((name) =>
  join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'data', name),
);

export const NO_PHOTOS = 'no real photographs here (../shared/data/photos): generated pictures stand in';

/** Paths of the photographs, sorted by name; empty where there are none. */
export function realPhotos(): string[] {
  return FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.jpe?g$/iu.test(name))
      .sort()
      .map((name) => join(folder, name)),
  );
}
