import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Flags for Node.js as the API's own start script has them, so that every start is the same.
 *
 * @param {string} folder where apps/api is
 * @returns {string[]}
 */
export function apiFlags(folder) {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return scripts.start.split(' ').filter((/** @type {string} */ word) => word.startsWith('--'));
}
