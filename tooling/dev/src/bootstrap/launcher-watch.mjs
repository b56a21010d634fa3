// npm passes neither every signal nor its own death on to the script it runs: whoever kills `npm start` would leave the
// script alive. So the script looks after npm.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { inspectProcess, parseProcStat } from '../../../embedded-postgres/src/process-identity.mjs';

const INTERVAL_MS = 500;
const SHELLS = new Set(['sh', 'bash', 'dash', 'zsh', 'ash', 'busybox']);

/**
 * @param {{ launchedByNpm: boolean, onGone: () => void }} options started by hand there is no launcher to follow:
 *   a shell that ends may have been left on purpose (nohup, disown)
 * @returns {() => void} ends the watch
 */
export function watchLauncher({ launchedByNpm, onGone }) {
  if (!launchedByNpm || process.platform === 'win32') return () => {};
  const parent = process.ppid;
  // npm runs scripts through a shell, which may stay between us.
  const shell = SHELLS.has(basename(inspectProcess(parent)?.args?.[0] ?? '').replace(/^-/, ''));
  const grandparent = shell ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (grandparent === undefined || parentOf(parent) === grandparent)) return;
    clearInterval(timer);
    onGone();
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * @param {number} pid
 * @returns {number | undefined} undefined where the system does not tell cheaply
 */
function parentOf(pid) {
  try {
    return parseProcStat(readFileSync(`/proc/${pid}/stat`, 'utf8')).parent;
  } catch {
    return undefined;
  }
}
