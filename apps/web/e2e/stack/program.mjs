// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const LEASH = join(import.meta.dirname, 'leash.mjs');
const READY_MS = 60_000;
const STOP_MS = 15_000;

/**
 * @typedef {object} ProgramOptions
 * @property {string} name
 * @property {string[]} args for Node.js
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env all of it: nothing is inherited
 * @property {string} logFile appended to
 * @property {string} [readyUrl] answers 2xx or 3xx once it is ready
 */

/** One long-running program of the stack, as often as it is started. */
export class Program {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;

  /** @param {ProgramOptions & { readyUrl: string }} options */
  constructor(options) {
    this.options = options;
  }

  get running() {
    return this.#child !== undefined;
  }

  /** Starts it and waits until it answers. Does nothing while it runs. */
  async start() {
    if (this.#child) return;
    const child = launch(this.options);
    this.#child = child;
    const ended = once(child, 'exit').then(() => {
      if (this.#child === child) this.#child = undefined;
    });
    const deadline = AbortSignal.timeout(READY_MS);
    for (;;) {
      if (this.#child !== child) throw this.#failure('ended while starting');
      if (await answers(this.options.readyUrl)) return;
      if (deadline.aborted) throw this.#failure(`did not answer within ${READY_MS / 1_000} s`);
      await Promise.race([delay(50), ended]);
    }
  }

  /** Power cut: the whole process group dies at once. Resolves when it is gone. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** As an operator stops it. */
  async stop() {
    const timer = setTimeout(() => void this.kill(), STOP_MS);
    await this.#end('SIGTERM');
    clearTimeout(timer);
  }

  /** @param {NodeJS.Signals} signal */
  async #end(signal) {
    const child = this.#child;
    if (!child?.pid) return;
    const ended = once(child, 'exit');
    signalGroup(child.pid, signal);
    await ended;
    // Whatever it started goes with it.
    signalGroup(child.pid, 'SIGKILL');
  }

  /** @param {string} what */
  #failure(what) {
    return new Error(`The ${this.options.name} ${what}. The end of its log:\n${tail(this.options.logFile)}`);
  }
}

/**
 * Runs a program to its end.
 *
 * @param {ProgramOptions & { input?: string }} options
 */
export async function runProgram(options) {
  const child = launch(options);
  child.stdin?.write(options.input ?? '');
  if (options.input !== undefined) child.stdin?.end();
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${options.name} failed (${code}). The end of its log:\n${tail(options.logFile)}`);
}

/**
 * @param {ProgramOptions & { input?: string }} options
 * @returns {import('node:child_process').ChildProcess}
 */
function launch({ args, cwd, env, logFile, input }) {
  const log = openSync(logFile, 'a');
  // A program that reads its standard input cannot be on the leash.
  const leash = input === undefined ? ['--import', LEASH] : [];
  const child = spawn(process.execPath, [...leash, ...args], {
    cwd,
    env,
    stdio: ['pipe', log, log],
    // Its own group, so that its children can be ended with it and Ctrl-C does not reach it before the tests end.
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  closeSync(log);
  child.stdin?.on('error', () => {});
  return child;
}

/** @param {number} pid @param {NodeJS.Signals} signal */
function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has ended meanwhile.
  }
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status < 400;
  } catch {
    return false;
  }
}

/** @param {string} file */
function tail(file) {
  return readFileSync(file, 'utf8').slice(-4_000);
}
