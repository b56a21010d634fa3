// Who serves what was built in this checkout: building anew would take pages away from under those who look at them.
// Runs on Node 18.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { acquireFileLock, livingHolder } from '../../../embedded-postgres/src/file-lock.mjs';
import { CACHE } from './workspace-paths.mjs';

const FOLDER = join(CACHE, 'served-by');

/**
 * Says that this process serves the build, until the lock is released or the process is gone.
 *
 * @param {{ folder?: string }} [options]
 * @returns {Promise<import('../../../embedded-postgres/src/file-lock.mjs').FileLock>}
 */
export function serveBuild({ folder = FOLDER } = {}) {
  return acquireFileLock(join(folder, String(process.pid)));
}

/**
 * @param {{ folder?: string }} [options]
 * @throws when a process that lives serves the build
 */
export function refuseWhileServed({ folder = FOLDER } = {}) {
  for (const name of filesOf(folder)) {
    const path = join(folder, name);
    const holder = livingHolder(path);
    if (holder)
      throw new Error(
        `Labelyard runs from this folder (process ${holder.pid}), and its sources have changed since it was built. ` +
          'Building now would take its pages away: stop it with Ctrl-C where it was started, then run this command again.',
      );
    rmSync(path, { force: true });
  }
}

/** @param {string} folder */
function filesOf(folder) {
  try {
    return readdirSync(folder);
  } catch {
    // Nobody has served anything yet.
    return [];
  }
}
