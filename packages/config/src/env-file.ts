import { parseEnv } from 'node:util';
import type { EnvSource } from './define-env.js';

/** What Node takes as one entry of an env file: blank, a comment, or NAME=value, where a quoted value may span lines. */
const ENTRY =
  /[^\S\n]*(?:#[^\n]*|(?:export[^\S\n]+)?[A-Za-z_][\w.-]*[^\S\n]*=[^\S\n]*(?:"[^"]*"[^\n]*|'[^']*'[^\n]*|`[^`]*`[^\n]*|[^\n]*))?(?:\n|$)/uy;
/** Values that mean the same without quotes. */
const PLAIN = /^[\w./:@%+,=&?~[\]-]*$/u;

/** An env file with lines that say nothing. Node skips them in silence, and a variable would be missing. */
export class EnvFileError extends Error {
  override readonly name = 'EnvFileError';
}

/** The variables of an env file's text, as Node reads them. @throws EnvFileError naming the lines it would skip */
export function parseEnvFile(text: string): EnvSource {
  const unix = text.replaceAll('\r\n', '\n');
  const bad = lostLines(unix);
  // Without what stands there: it may be a secret.
  if (bad.length > 0) throw new EnvFileError(`${bad.map((line) => `line ${line}`).join(', ')}: not NAME=value`);
  return parseEnv(unix);
}

/** One line (or several) that `parseEnvFile` reads back as this value. @throws EnvFileError for a value no quotes can hold */
export function envFileLine(name: string, value: string): string {
  if (PLAIN.test(value)) return `${name}=${value}`;
  // Inside " " a backslash and an n become a line end.
  const quote = ["'", '"', '`'].find((mark) => !value.includes(mark) && !(mark === '"' && value.includes('\\')));
  if (!quote || value.includes('\r'))
    throw new EnvFileError(`${name} holds all kinds of quotes or a carriage return: an env file cannot hold it`);
  return `${name}=${quote}${value}${quote}`;
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
