// pg_dump and pg_restore as their manual says they are fastest for a database of some size: folder format, two jobs.
import { rmSync } from 'node:fs';
import { runProgram } from '../system/timed-program.mjs';

const JOBS = ['-j', '2'];

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
