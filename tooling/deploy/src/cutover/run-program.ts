import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { YardError } from '../cli/yard-error.js';

const READY_MS = 120_000;
const ASK_EVERY_MS = 150;

/** Runs an operator's program to its end; what it says goes to our stderr. @throws YardError failed */
export async function runProgram(
  [program, ...args]: readonly string[],
  cwd: string,
  signal: AbortSignal,
): Promise<void> {
  const ended = await new Promise<string>((resolve) => {
    const child = spawn(program ?? '', args, { cwd, stdio: ['ignore', 2, 2], signal });
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, name) => resolve(code === 0 ? '' : `it ended with ${name ?? `exit code ${code}`}`));
  });
  signal.throwIfAborted();
  if (ended)
    throw new YardError(
      'failed',
      `"${program}" (restart in yard.config.ts) failed: ${ended}.`,
      'Restart the API and the web by hand, then run the same command again.',
    );
}

/** Waits until an API says that it is ready. @throws YardError unavailable after two minutes */
export async function untilReady(api: string, signal: AbortSignal): Promise<void> {
  const { url, last } = await ask(api, '/health/ready', () => true, signal);
  if (last === null) return;
  throw new YardError(
    'unavailable',
    `${url} is not ready two minutes after the switch: ${last}.`,
    'Read the log of the API. Then run the same command again, or go back: yard cutover rollback <plan>.',
  );
}

/** Waits until an API takes writes, as it does on the open side only. @throws YardError unavailable after two minutes */
export async function untilWritable(api: string, env_file: string, signal: AbortSignal): Promise<void> {
  const open = (body: string) => /"maintenance":\s*null/u.test(body);
  const { url, last } = await ask(api, '/api/v1/maintenance', open, signal);
  if (last === null) return;
  throw new YardError(
    'unavailable',
    `The installation has moved and its databases take writes, but ${url} still says: ${last}.`,
    `Restart the API and the web with the variables of ${env_file} (npm start: node tooling/dev/bin/labelyard.mjs restart), then run the same command again.`,
  );
}

/** Asks until the answer is good; else what was answered last. */
async function ask(
  api: string,
  path: string,
  isGood: (body: string) => boolean,
  signal: AbortSignal,
): Promise<{ readonly url: string; readonly last: string | null }> {
  const url = `${api.replace(/\/$/u, '')}${path}`;
  const deadline = Date.now() + READY_MS;
  let last = 'no answer';
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
      const body = await response.text();
      if (response.ok && isGood(body)) return { url, last: null };
      last = `${response.status} ${body.slice(0, 300)}`;
    } catch (error) {
      signal.throwIfAborted();
      last = (error as Error).message;
    }
    await delay(ASK_EVERY_MS, undefined, { signal });
  }
  return { url, last };
}
