import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const PIECE = Buffer.alloc(8 * 1024 * 1024, 1);

/**
 * Writes a file and removes it. A virtual machine hands free memory back to its host after seconds, and pages of a new file then cost it
 * ten times what they cost otherwise, while whoever writes over an old file has its pages at hand. Before each run of each side there are
 * as many for both.
 *
 * @param {string} folder on the disk that is written to
 * @param {number} megabytes
 */
export function warmMemory(folder, megabytes) {
  const path = join(folder, 'warm-memory');
  const file = openSync(path, 'w');
  for (let left = megabytes * 1024 * 1024; left > 0; left -= PIECE.length) writeSync(file, PIECE);
  closeSync(file);
  rmSync(path);
}
