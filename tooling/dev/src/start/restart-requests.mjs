// How `labelyard.mjs restart` reaches the supervisor: by a signal to the holder of the data folder's lock, which answers in the lock's note.
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { acquireFileLock, inspectProcess, readFileLock } from '@labelyard/embedded-postgres';

/** Not SIGUSR1: Node opens its debugger then. */
const SIGNAL = 'SIGUSR2';
/** One who asks at a time; its nonce names the request. */
const REQUEST = 'restart.lock';
const WAIT_MS = 10 * 60_000;

/** @typedef {{ id: string | undefined, ok: boolean, says: string }} RestartAnswer */

/**
 * Runs `restart` at each request, one at a time.
 *
 * @param {object} options
 * @param {string} options.dataDir
 * @param {() => Promise<string>} options.restart answers in words what it did
 * @param {(answer: RestartAnswer) => void} options.answer
 */
export function answerRestarts({ dataDir, restart, answer }) {
  let last = Promise.resolve();
  process.on(SIGNAL, () => {
    last = last.then(async () => {
      const id = readFileLock(join(dataDir, REQUEST))?.nonce;
      try {
        answer({ id, ok: true, says: await restart() });
      } catch (error) {
        answer({ id, ok: false, says: /** @type {Error} */ (error).message });
      }
    });
  });
}

/**
 * Asks the start that runs on this data folder to restart, and waits until it has.
 *
 * @param {string} dataDir
 * @returns {Promise<string>} what it did
 * @throws {Error} when nothing runs there, or the restart failed
 */
export async function requestRestart(dataDir) {
  if (process.platform === 'win32')
    throw new Error('Windows has no signals: stop npm start with Ctrl-C and start again.');
  const lockFile = join(dataDir, 'lock');
  const supervisor = runningHolder(lockFile, dataDir);
  const request = await acquireFileLock(join(dataDir, REQUEST), { waitMs: WAIT_MS });
  try {
    const id = readFileLock(join(dataDir, REQUEST))?.nonce;
    process.kill(supervisor.pid, SIGNAL);
    for (;;) {
      const { nonce, note } = runningHolder(lockFile, dataDir);
      const answer = /** @type {RestartAnswer | undefined} */ (note.restarted);
      if (nonce !== supervisor.nonce) throw new Error('npm start ended and was started again meanwhile.');
      if (answer && answer.id === id) {
        if (answer.ok) return answer.says;
        throw new Error(answer.says);
      }
      await delay(100);
    }
  } finally {
    request.release();
  }
}

/**
 * @param {string} lockFile
 * @param {string} dataDir
 */
function runningHolder(lockFile, dataDir) {
  const holder = readFileLock(lockFile);
  if (!holder || (holder.host === hostname() && inspectProcess(holder.pid)?.born !== holder.born))
    throw new Error(
      `No Labelyard runs on ${dataDir}. Start it with npm start; another data folder is named by LABELYARD_DATA_DIR.`,
    );
  if (holder.host !== hostname())
    throw new Error(`Labelyard runs on ${dataDir} from another machine (${holder.host}): restart it there.`);
  if (!holder.note.web) throw new Error('Labelyard is still starting or stopping. Try again once it says it is ready.');
  return holder;
}
