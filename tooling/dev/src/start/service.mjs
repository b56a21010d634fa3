// One long-running program under watch: started, waited for, restarted when it falls over, stopped cleanly.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { tail } from '../bootstrap/logged-run.mjs';
import { signal, signalGroup } from './leftovers.mjs';
import { createServiceLog } from './service-log.mjs';

const LEASH = join(import.meta.dirname, 'leash.mjs');
const STOP_GRACE_MS = 10_000;
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 15_000;
const STEADY_MS = 30_000;
/** A restart that takes longer is told as a failure; the program goes on trying. */
const RESTART_MS = 120_000;

/**
 * @typedef {object} ServiceOptions
 * @property {string} name
 * @property {string[]} args for Node.js
 * @property {string} cwd
 * @property {() => Record<string, string | undefined>} env asked anew at each start
 * @property {string} logFile
 * @property {(signal: AbortSignal) => Promise<void>} untilReady settles when it answers
 * @property {import('./leftovers.mjs').ProcessRecord} record
 * @property {(line: string) => void} say
 */

export class Service {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** @type {Promise<void>} settles when the current process has ended */
  #ended = Promise.resolve();
  #stopping = false;
  #restarting = false;
  #ready = false;
  #backoffMs = FIRST_BACKOFF_MS;
  #interrupt = new AbortController();
  #log;

  /** @param {ServiceOptions} options */
  constructor(options) {
    this.options = options;
    this.name = options.name;
    this.#log = createServiceLog({ name: options.name, file: options.logFile, say: options.say });
  }

  /**
   * Starts it and waits until it answers.
   *
   * @throws {Error} with the end of its log when it ends first
   */
  async start() {
    this.#launch();
    if (await this.#becameReady()) return;
    if (this.#stopping) return;
    const { name, logFile } = this.options;
    throw new Error(`The ${name} ended while starting. The end of ${logFile}:\n\n${tail(logFile, 25)}`);
  }

  /**
   * Ends and starts it again, without calling that a failure.
   *
   * @returns {Promise<boolean>} whether it answers again
   */
  async restart() {
    this.#restarting = true;
    await this.#end(STOP_GRACE_MS);
    this.#restarting = false;
    if (this.#stopping) return false;
    this.#launch();
    const up = await this.#becameReady(AbortSignal.timeout(RESTART_MS));
    if (!up && !this.#stopping) this.options.say(`${this.options.name} does not start; see ${this.options.logFile}`);
    return up;
  }

  /**
   * @param {{ graceMs?: number }} [options] 0 = at once
   */
  async stop({ graceMs = STOP_GRACE_MS } = {}) {
    this.#stopping = true;
    this.#interrupt.abort();
    await this.#end(graceMs);
  }

  #launch() {
    const { name, args, cwd, env, record } = this.options;
    this.#log.note(`starting ${name}`);
    const child = spawn(process.execPath, ['--import', LEASH, ...args], {
      cwd,
      env: { ...env(), LABELYARD_LEASH: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Its own group: the terminal's Ctrl-C must not reach it, and its children can be ended with it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    this.#child = child;
    if (child.stdout) this.#log.follow(child.stdout, 'stdout');
    if (child.stderr) this.#log.follow(child.stderr, 'stderr');
    child.stdin?.on('error', () => {});
    if (child.pid) record.add(name, child.pid);
    const started = Date.now();
    this.#ended = new Promise((resolve) => {
      const finish = (/** @type {string} */ how) => {
        if (this.#child !== child) return;
        this.#child = undefined;
        if (child.pid) signalGroup(child.pid, 'SIGKILL');
        record.remove(name);
        this.#log.note(`${name} ended (${how})`);
        resolve();
        void this.#recover(how, Date.now() - started);
      };
      child.once('error', (error) => finish(error.message));
      child.once('exit', (code, signalName) => finish(signalName ?? `exit code ${code}`));
    });
  }

  /**
   * @param {AbortSignal} [limit]
   * @returns {Promise<boolean>} false when it ended first, or the limit came
   */
  async #becameReady(limit) {
    this.#ready = false;
    const waiting = new AbortController();
    const signals = AbortSignal.any([waiting.signal, this.#interrupt.signal, ...(limit ? [limit] : [])]);
    const first = await Promise.race([
      this.options.untilReady(signals).then(
        () => true,
        () => false,
      ),
      this.#ended.then(() => false),
    ]);
    waiting.abort();
    this.#ready = first;
    return first;
  }

  /**
   * @param {string} how
   * @param {number} livedMs
   */
  async #recover(how, livedMs) {
    if (this.#stopping || this.#restarting || !this.#ready) return;
    const { name, say } = this.options;
    if (livedMs > STEADY_MS) this.#backoffMs = FIRST_BACKOFF_MS;
    while (!this.#stopping) {
      say(`${name} ended unexpectedly (${how}); starting it again in ${this.#backoffMs / 1000} s`);
      await delay(this.#backoffMs, undefined, { signal: this.#interrupt.signal }).catch(() => {});
      this.#backoffMs = Math.min(this.#backoffMs * 2, MAX_BACKOFF_MS);
      if (this.#stopping) return;
      this.#launch();
      if (await this.#becameReady()) {
        say(`${name} is back`);
        return;
      }
    }
  }

  /** @param {number} graceMs */
  async #end(graceMs) {
    const pid = this.#child?.pid;
    if (!pid) return;
    signal(pid, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs);
    await this.#ended;
    clearTimeout(timer);
  }
}

/**
 * Runs a program to its end.
 *
 * @param {Pick<ServiceOptions, 'name' | 'args' | 'cwd' | 'env' | 'logFile' | 'say'> & { input?: string, signal: AbortSignal }} options
 * @returns {Promise<void>}
 * @throws {Error} with the end of its log
 */
export async function runToEnd({ name, args, cwd, env, logFile, say, input, signal: abort }) {
  abort.throwIfAborted();
  const log = createServiceLog({ name, file: logFile, say });
  log.note(`running ${name}`);
  const child = spawn(process.execPath, args, {
    cwd,
    env: env(),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  log.follow(child.stdout, 'stdout');
  log.follow(child.stderr, 'stderr');
  const end = () => child.pid && signalGroup(child.pid, 'SIGTERM');
  abort.addEventListener('abort', end, { once: true });
  const how = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signalName) => resolve(code === 0 ? '' : (signalName ?? `exit code ${code}`)));
  });
  abort.removeEventListener('abort', end);
  abort.throwIfAborted();
  if (how) throw new Error(`${name} failed (${how}). The end of ${logFile}:\n\n${tail(logFile, 25)}`);
}
