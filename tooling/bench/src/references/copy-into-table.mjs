// Plain COPY of a file into a table: by psql where it is installed, else by pg-copy-streams in a bare process.
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
 * @param {string} url
 * @param {string} table with its columns
 * @returns {{ name: string, run: (file: string) => Promise<void> }}
 */
export function copyIntoTable(url, table) {
  const copy = `COPY ${table} FROM STDIN`;
  if (!hasPsql()) {
    const program = join(import.meta.dirname, 'copy-from-file.mjs');
    return {
      name: 'pg-copy-streams COPY from a file',
      run: async (file) => {
        await runJson([program, file], { env: { DATABASE_URL: url }, input: copy });
      },
    };
  }
  return {
    name: 'psql COPY from a file',
    run: async (file) => {
      const input = openSync(file, 'r');
      const child = spawn('psql', [url, '--no-psqlrc', '--quiet', '--command', copy], {
        stdio: [input, 'ignore', 'inherit'],
        env: { ...process.env, PGOPTIONS: '-c statement_timeout=0' },
      });
      closeSync(input);
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`psql ended with ${code}`);
    },
  };
}
