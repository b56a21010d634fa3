import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type EnvSource, envFileLine, parseEnvFile } from '@labelyard/config';
import type { Profile } from '../profiles/profile.js';
import { type Part, PART_FACTS } from './parts.js';

/** The file an installation's variables stand in, as it is on disk; nothing when there is none. @throws EnvFileError */
export function readEnvironmentFile(path: string): EnvSource {
  return existsSync(path) ? parseEnvFile(readFileSync(path, 'utf8')) : {};
}

/**
 * What an installation runs with. One that was never moved may have no file of its own, or one that says nothing of what is moved (npm
 * start: ports, a log level): it runs with the environment it is moved from.
 */
export function activeEnvironment(file: string, from: Profile, parts: readonly Part[]): EnvSource {
  const active = readEnvironmentFile(file);
  const speaks = Object.keys(active).some((name) => parts.some((part) => PART_FACTS[part].variables.test(name)));
  return speaks ? active : { ...from.env, ...active };
}

/** The active environment, to be compared with a profile's. */
export function activeProfile(env: EnvSource): Profile {
  return { name: 'active', config: {}, env, origin: 'the active environment' };
}

/** One variable per line, sorted; empty ones are left out. @throws EnvFileError for a value that no env file can hold */
export function environmentText(env: EnvSource): string {
  return Object.entries(env)
    .filter((entry): entry is [string, string] => Boolean(entry[1]))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${envFileLine(name, value)}\n`)
    .join('');
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
