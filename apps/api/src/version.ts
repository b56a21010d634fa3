import { readFileSync } from 'node:fs';

const manifest = new URL('../package.json', import.meta.url);

/** The program's version, as its manifest says. */
export const VERSION = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
