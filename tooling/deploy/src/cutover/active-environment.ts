import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import type { EnvSource } from '@labelyard/config';
import { YardError } from '../cli/yard-error.js';

/** The file an installation's variables stand in, as it is on disk. */
export function readEnvironmentFile(path: string): EnvSource {
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {};
}

/**
 * One variable per line, sorted, quoted so that every reader of env files takes it as it is.
 *
 * @throws YardError bad_input for a value that no quotes can hold
 */
export function environmentText(env: EnvSource): string {
  return Object.entries(env)
    .filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${quoted(name, value)}\n`)
    .join('');
}

function quoted(name: string, value: string): string {
  if (/^[\w.,:/@%+=-]*$/u.test(value)) return value;
  for (const quote of ["'", '"', '`'] as const)
    if (!value.includes(quote) && !(quote === '"' && value.includes('\\'))) return `${quote}${value}${quote}`;
  throw new YardError(
    'bad_input',
    `The value of ${name} holds every kind of quote.`,
    `Choose another value for ${name}: env files cannot hold it.`,
  );
}

/**
 * Replaces an environment file whole or not at all, readable by its owner only; what stood in it is kept under `keep_as`, unless a file
 * of that name is there already (a run that was killed after it kept the first).
 */
export function replaceEnvironmentFile(path: string, env: EnvSource, keep_as: string): void {
  const text = environmentText(env);
  if (existsSync(path) && !existsSync(keep_as)) {
    writeFileSync(`${keep_as}.new`, readFileSync(path), { mode: 0o600, flush: true });
    renameSync(`${keep_as}.new`, keep_as);
  }
  writeFileSync(`${path}.new`, text, { mode: 0o600, flush: true });
  chmodSync(`${path}.new`, 0o600);
  renameSync(`${path}.new`, path);
}
