import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { EnvSource } from '@labelyard/config';

/** What Node takes as one entry of an env file: blank, a comment, or NAME=value, where a quoted value may span lines. */
const ENTRY =
  /[^\S\n]*(?:#[^\n]*|(?:export[^\S\n]+)?[A-Za-z_][\w.-]*[^\S\n]*=[^\S\n]*(?:"[^"]*"[^\n]*|'[^']*'[^\n]*|`[^`]*`[^\n]*|[^\n]*))?(?:\n|$)/uy;

/** Thrown for an env file with lines that say nothing: Node skips them in silence, and a variable would be missing. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError';
}

/** The variables of an env file. @throws EnvFileError, or the file system's error */
export function readEnvFile(path: string): EnvSource {
  const text = readFileSync(path, 'utf8').replaceAll('\r\n', '\n');
  const bad = lostLines(text);
  // Without what stands there: it may be a secret.
  if (bad.length > 0) throw new EnvFileError(`${bad.map((line) => `line ${line}`).join(', ')}: not NAME=value`);
  return parseEnv(text);
}

function lostLines(text: string): readonly number[] {
  const bad: number[] = [];
  for (let at = 0; at < text.length;) {
    ENTRY.lastIndex = at;
    const entry = ENTRY.exec(text);
    if (entry) at += entry[0].length;
    else {
      bad.push(text.slice(0, at).split('\n').length);
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end + 1;
    }
  }
  return bad;
}
