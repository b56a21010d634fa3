import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Flags for Node.js as the API's own start scripts have them, so that every start is the same.
 *
 * @param {string} folder where apps/api is
 * @param {'start' | 'start:worker'} script the latter for a process that only runs jobs
 * @returns {string[]}
 */
export function apiFlags(folder, script = 'start') {
  const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return scripts[script].split(' ').filter((/** @type {string} */ word) => word.startsWith('--'));
}
