// pg_dump and pg_restore as their manual says they are fastest for a database of some size: folder format, two jobs.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { runProgram } from '../system/timed-program.mjs';

const JOBS = ['-j', '2'];

/** The newest pg_dump that PATH leads to. @returns {number | undefined} its major version; undefined: there is none */
export function pgDumpMajor() {
  try {
    return Number(/\) (\d+)/u.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' }))?.[1]);
  } catch {
    return undefined;
  }
}

/**
 * Copies a database into an empty one.
 *
 * @param {{ source: string, target: string, folder: string }} ends URLs, and a folder for the dump
 */
export async function dumpAndRestore({ source, target, folder }) {
  rmSync(folder, { recursive: true, force: true });
  const began = performance.now();
  await runProgram('pg_dump', ['-Fd', ...JOBS, '-Z', '1', '-f', folder, '-d', source]);
  await runProgram('pg_restore', [...JOBS, '--no-owner', '--exit-on-error', '-d', target, folder]);
  return performance.now() - began;
}
