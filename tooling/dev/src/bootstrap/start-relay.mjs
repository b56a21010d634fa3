// The process in the terminal while Labelyard runs. The supervisor lives in a session of its own, so that Ctrl-C, a
// closed terminal or a killed process group cannot tear its parts down in the wrong order; this relay tells it to stop.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { callerEnvironment } from './environment.mjs';
import { watchLauncher } from './launcher-watch.mjs';
import { ROOT } from './workspace-paths.mjs';

const SUPERVISOR = join(ROOT, 'tooling', 'dev', 'src', 'start', 'supervisor.mjs');

/**
 * @param {{ toolchain: import('./toolchain.mjs').Toolchain, mode: 'start' | 'dev' }} options
 * @returns {Promise<number>} exit code
 */
export async function superviseStart({ toolchain, mode }) {
  const child = run(toolchain, [SUPERVISOR, mode]);
  const stop = () => child.connected && child.send({ stop: true }, () => {});
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, stop);
  // After the terminal is gone, writing to it fails; that must not end us before the supervisor.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const unwatch = watchLauncher({ launchedByNpm: Boolean(callerEnvironment.npm_lifecycle_event), onGone: stop });

  const { code, signal } = await ended(child);
  unwatch();
  if (signal === null) return code ?? 1;
  console.error(`\nThe supervisor was killed (${signal}); stopping what it left.`);
  await ended(run(toolchain, [SUPERVISOR, 'sweep']));
  return 1;
}

/**
 * @param {import('./toolchain.mjs').Toolchain} toolchain
 * @param {string[]} args
 */
function run(toolchain, args) {
  return spawn(toolchain.node, args, {
    cwd: ROOT,
    env: toolchain.env,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: process.platform !== 'win32',
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null }>}
 */
function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}
