// Node.js processes of a bench: programs that run to their end, and servers.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LEASH = pathToFileURL(join(import.meta.dirname, 'leash.mjs')).href;
const STOP_MS = 15_000;

/** @typedef {Record<string, string | undefined>} Environment */

/**
 * Runs a program of ours that prints one line of JSON.
 *
 * @param {string[]} args for Node.js
 * @param {{ env?: Environment, input?: string }} [options]
 * @returns {Promise<any>} what it printed
 * @throws {Error} with what it wrote to stderr
 */
export async function runJson(args, options) {
  const lines = (await runToEnd(args, options)).trim().split('\n');
  return JSON.parse(lines.at(-1) ?? '');
}

/**
 * @param {string[]} args for Node.js
 * @param {{ env?: Environment, input?: string }} [options]
 * @returns {Promise<string>} its standard output
 */
export async function runToEnd(args, { env, input } = {}) {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${signal ?? code}:\n${errors || output}`);
  return output;
}

/**
 * @typedef {object} Server
 * @property {number} pid
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server and waits until `ready` answers true.
 *
 * @param {string[]} args for Node.js
 * @param {{ env: Environment, logFile: string, ready: () => Promise<boolean> }} options
 * @returns {Promise<Server>}
 * @throws {Error} with the end of its log when it ends first
 */
export async function startServer(args, { env, logFile, ready }) {
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, ['--import', LEASH, ...args], { env, stdio: ['pipe', log, log] });
  closeSync(log);
  child.stdin?.on('error', () => {});
  const exit = once(child, 'exit');
  let ended = false;
  void exit.then(() => (ended = true));
  while (!(await ready())) {
    if (ended) throw new Error(`${args.at(-1)} ended while starting:\n${readFileSync(logFile, 'utf8').slice(-4_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return {
    pid: /** @type {number} */ (child.pid),
    stop: async () => {
      if (ended) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exit;
      clearTimeout(timer);
    },
  };
}

/** @param {string} url @returns {Promise<boolean>} */
export async function answers(url) {
  try {
    const response = await fetch(url);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
