import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');

/** Everything the bootstrap keeps between runs; may be deleted at any time. */
export const CACHE = join(ROOT, '.cache');

/** Logs of installing, building and checking. */
export const REPORTS = join(ROOT, 'reports');
