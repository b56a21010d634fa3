import { filesOfArchive, isArchive } from './archives/archive-files';
import { isLitter, pickedPath, sortFiles, type FileWithPath, type FoundFile, type Sorting } from './picked-files';

/** Everything that was picked, archives opened, looked at before anything is sent. */
export async function findFiles(files: readonly FileWithPath[], maxBytes: number): Promise<Sorting> {
  const found: FoundFile[] = [];
  for (const file of files) {
    const path = pickedPath(file);
    if (!isArchive(path)) found.push({ path, file, problem: null });
    // An archive can hold more files than a call takes arguments.
    else if (!isLitter(path)) for (const one of await filesOfArchive(path, file)) found.push(one);
  }
  return sortFiles(found, maxBytes);
}
