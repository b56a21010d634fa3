// The programs a start consists of, and where their files are.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from '../bootstrap/workspace-paths.mjs';
import { apiFlags } from './api-flags.mjs';

export const API_FOLDER = join(ROOT, 'apps', 'api');
export const WEB_FOLDER = join(ROOT, 'apps', 'web');

/** Node.js arguments of the API's programs, as apps/api builds them. */
export const API_PROGRAMS = {
  server: [...apiFlags(API_FOLDER), join(API_FOLDER, 'dist', 'main.js')],
  migrate: ['--enable-source-maps', join(API_FOLDER, 'dist', 'migrate.js')],
  people: ['--enable-source-maps', join(API_FOLDER, 'dist', 'people.js')],
};

/**
 * @param {'start' | 'dev'} mode
 * @param {{ host: string, webPort: number }} settings
 * @returns {string[]} Node.js arguments
 */
export function webProgram(mode, { host, webPort }) {
  const next = createRequire(join(WEB_FOLDER, 'package.json')).resolve('next/dist/bin/next');
  // Next listens on one address only, and browsers try both for "localhost".
  const address = host === 'localhost' ? '127.0.0.1' : host;
  return [next, mode, '--port', String(webPort), '--hostname', address];
}
