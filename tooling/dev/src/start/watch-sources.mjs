// Development: compiles packages on change and says when the API must start anew. The web has Next's own reloading.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join, sep } from 'node:path';
import { createServiceLog } from './service-log.mjs';

const COMPILER = join(import.meta.dirname, 'compile-sources.mjs');

/** Packages only the browser uses. */
const WEB_ONLY = [`packages${sep}editor${sep}`];

/**
 * @param {object} options
 * @param {Record<string, string | undefined>} options.env
 * @param {string} options.logFile
 * @param {(line: string) => void} options.say
 * @param {import('./leftovers.mjs').ProcessRecord} options.record
 * @param {() => Promise<void>} options.onApiChange calls never overlap
 * @returns {{ name: string, stop: () => Promise<void> }}
 */
export function watchSources({ env, logFile, say, record, onApiChange }) {
  const log = createServiceLog({ name: 'compiler', file: logFile, say });
  const child = fork(COMPILER, {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: process.platform !== 'win32',
  });
  if (child.stdout) log.follow(child.stdout, 'stdout');
  if (child.stderr) log.follow(child.stderr, 'stderr');
  if (child.pid) record.add('compiler', child.pid);
  let ended = false;
  child.once('exit', () => {
    ended = true;
    record.remove('compiler');
  });

  let again = false;
  let busy = false;
  const react = async () => {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      await onApiChange().catch((error) => say(error.message));
    }
    busy = false;
  };
  child.on('message', (/** @type {{ changed?: string[], watching?: boolean }} */ { changed = [], watching }) => {
    if (watching) say('compiler: watching packages and API');
    const relevant = changed.filter((path) => !WEB_ONLY.some((folder) => path.startsWith(folder)));
    if (relevant.length === 0) return;
    say(
      `changed: ${relevant.slice(0, 3).join(', ')}${relevant.length > 3 ? ` and ${relevant.length - 3} more` : ''}; restarting the API`,
    );
    void react();
  });
  return {
    name: 'compiler',
    stop: async () => {
      if (ended) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
