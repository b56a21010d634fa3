// Runs a program with its output in a log file; on failure the end of that log is what people see.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname } from 'node:path';

const TAIL_LINES = 40;

export class RunFailed extends Error {
  /**
   * @param {string} what
   * @param {string} how "exit code 1"
   * @param {string} logFile
   */
  constructor(what, how, logFile) {
    super(`${what} failed (${how}). The end of ${logFile}:\n\n${tail(logFile)}`);
    this.name = 'RunFailed';
  }
}

/** Ctrl-C, or a signal from whoever started us: nothing failed. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`stopped by ${signal}`);
    this.name = 'Interrupted';
    this.exitCode = 128 + constants.signals[signal];
  }
}

/**
 * @param {object} options
 * @param {string} options.what for people: "pnpm install"
 * @param {string} options.command
 * @param {string[]} options.args
 * @param {string} options.cwd
 * @param {import('./environment.mjs').Environment} options.env
 * @param {string} options.logFile written anew
 * @param {boolean} [options.shell] Windows needs one to run npm
 * @returns {Promise<void>}
 * @throws {RunFailed | Interrupted}
 */
export function loggedRun({ what, command, args, cwd, env, logFile, shell = false }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w');
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, shell, stdio: ['ignore', log, log], windowsHide: true });
    /** @type {NodeJS.Signals | undefined} */
    let interrupted;
    const forward = (/** @type {NodeJS.Signals} */ signal) => {
      interrupted = signal;
      child.kill(signal);
    };
    /** @type {NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const settle = () => {
      closeSync(log);
      for (const signal of signals) process.off(signal, forward);
    };
    child.once('error', (error) => {
      settle();
      reject(new RunFailed(what, error.message, logFile));
    });
    child.once('exit', (code, signal) => {
      settle();
      if (interrupted) reject(new Interrupted(interrupted));
      else if (code === 0) resolve();
      else reject(new RunFailed(what, signal ? `ended by ${signal}` : `exit code ${code}`, logFile));
    });
  });
}

/**
 * @param {string} logFile
 * @param {number} [lines]
 * @returns {string} its last lines
 */
export function tail(logFile, lines = TAIL_LINES) {
  try {
    return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no log)';
  }
}
