import { mkdtemp, readdir, rm, stat, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder of this process, for injection. */
export const UPLOAD_FOLDER = Symbol('UPLOAD_FOLDER');

const PREFIX = 'labelyard-uploads-';
/** Folders nobody has touched for so long are of processes that were killed. */
const OLD_MS = 24 * 3600_000;
/** How often a process says that its folder is in use: without uploads it would look as if nobody lived there. */
const TOUCH_MS = 3600_000;

/**
 * A folder of this process for files that are being looked at. Clears what processes that were killed left behind, and not
 * what others that run have had no use for lately.
 */
export async function makeUploadFolder(parent = tmpdir(), touch_ms = TOUCH_MS): Promise<string> {
  for (const name of await readdir(parent)) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(parent, name);
    const found = await stat(path).catch(() => null);
    if (found && Date.now() - found.mtimeMs > OLD_MS) await rm(path, { recursive: true, force: true });
  }
  const folder = await mkdtemp(join(parent, PREFIX));
  const timer = setInterval(() => {
    const now = new Date();
    // It goes when the process stops in an orderly way.
    utimes(folder, now, now).catch(() => clearInterval(timer));
  }, touch_ms);
  timer.unref();
  return folder;
}
