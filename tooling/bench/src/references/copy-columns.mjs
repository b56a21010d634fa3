// Plain COPY of columns into a file: by psql where it is installed, else by pg-copy-streams in a bare process.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { runJson } from '../system/node-process.mjs';

/** @returns {boolean} */
function hasPsql() {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * @typedef {object} ColumnCopy
 * @property {string} name
 * @property {(file: string) => Promise<{ client_cpu_ms: number | null }>} run
 *
 * @param {string} url
 * @param {string} query
 * @returns {ColumnCopy}
 */
export function columnCopy(url, query) {
  const copy = `COPY (${query}) TO STDOUT`;
  if (!hasPsql()) {
    const program = join(import.meta.dirname, 'copy-to-file.mjs');
    return {
      name: 'pg-copy-streams COPY to a file',
      run: async (file) => {
        await runJson([program, file], { env: { DATABASE_URL: url }, input: copy });
        return { client_cpu_ms: null };
      },
    };
  }
  return {
    name: 'psql COPY to a file',
    run: async (file) => {
      const output = openSync(file, 'w');
      // `times` of the shell tells what its children took, which Node.js cannot.
      const script = 'psql "$0" --no-psqlrc --quiet --command "$1" >&3 && times';
      const child = spawn('sh', ['-c', script, url, copy], { stdio: ['ignore', 'pipe', 'inherit', output] });
      closeSync(output);
      let told = '';
      child.stdout?.setEncoding('utf8').on('data', (text) => (told += text));
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`psql ended with ${code}`);
      return { client_cpu_ms: childrenTime(told) };
    },
  };
}

/** The second line of `times`: `0m1.23s 0m0.45s`. @param {string} told @returns {number | null} ms */
export function childrenTime(told) {
  const parts = told
    .trim()
    .split('\n')[1]
    ?.match(/(\d+)m([\d.]+)s/g);
  if (parts?.length !== 2) return null;
  return parts.reduce((sum, part) => {
    const [, minutes, seconds] = /(\d+)m([\d.]+)s/.exec(part) ?? [];
    return sum + (Number(minutes) * 60 + Number(seconds)) * 1000;
  }, 0);
}
