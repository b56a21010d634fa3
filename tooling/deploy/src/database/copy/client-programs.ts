import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { DatabaseOptions } from '@labelyard/db';
import { type DatabaseCatalog, majorVersion } from '../catalog/database-catalog.js';

const run = promisify(execFile);

/** Programs of Postgres that were found, and the major version they belong to. */
export interface ClientPrograms {
  readonly pg_dump: string;
  readonly pg_restore: string;
  readonly major: number;
  /** As they say it themselves. */
  readonly version: string;
}

/** pg_dump and pg_restore of one major version on PATH (or in `folder`); null when they are not there. */
export async function findClientPrograms(folder?: string): Promise<ClientPrograms | null> {
  const at = (name: string) => (folder === undefined ? name : `${folder}/${name}`);
  const version = async (name: string) => {
    const { stdout } = await run(at(name), ['--version']);
    return stdout.trim();
  };
  try {
    const [dump, restore] = await Promise.all([version('pg_dump'), version('pg_restore')]);
    const [major, other] = [dump, restore].map((text) => Number(/\) (\d+)/u.exec(text)?.[1] ?? Number.NaN));
    if (major === undefined || Number.isNaN(major) || major !== other) return null;
    return { pg_dump: at('pg_dump'), pg_restore: at('pg_restore'), major, version: dump };
  } catch {
    return null;
  }
}

export type CopyMethod = 'pg_dump' | 'built-in';

export interface MethodChoice {
  readonly method: CopyMethod;
  /** For people: why this one. */
  readonly why: string;
}

/**
 * pg_dump when it is there and fits both servers, else our own streams. pg_dump refuses servers newer than itself; what it writes for
 * a newer server may not be understood by an older one.
 */
export function chooseMethod(
  programs: ClientPrograms | null,
  source: Pick<DatabaseCatalog, 'server_version'>,
  target: Pick<DatabaseCatalog, 'server_version'>,
  ends: readonly DatabaseOptions[],
): MethodChoice {
  const builtIn = (why: string): MethodChoice => ({ method: 'built-in', why });
  const [from, to] = [majorVersion(source), majorVersion(target)];
  if (!programs) return builtIn('pg_dump and pg_restore are not on PATH');
  if (programs.major < from) return builtIn(`pg_dump is ${programs.major}, older than the source (${from})`);
  if (programs.major < to) return builtIn(`pg_restore is ${programs.major}, older than the target (${to})`);
  if (to < programs.major && programs.major >= 17)
    return builtIn(`pg_dump ${programs.major} writes settings that the older target (${to}) does not know`);
  if (to < from) return builtIn(`the target (${to}) is older than the source (${from})`);
  if (ends.some(({ tls }) => tls?.mode === 'pin'))
    return builtIn('the connection is pinned to one certificate, which pg_dump cannot check');
  return { method: 'pg_dump', why: `${programs.version} fits both servers (${from} and ${to})` };
}
