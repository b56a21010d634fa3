import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of this process, for injection. */
export const UPLOAD_FOLDER = Symbol('UPLOAD_FOLDER');

const PREFIX = 'labelyard-uploads-';
/** Nothing lies there longer than a request takes; older folders are of processes that were killed. */
const OLD_MS = 24 * 3600_000;

/** A folder of this process for files that are being looked at. Clears what processes that were killed left behind. */
export async function makeUploadFolder(parent = tmpdir()): Promise<string> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > OLD_MS) await rm(path, { recursive: true, force: true });
  }
  return mkdtemp(join(parent, PREFIX));
}
