import { spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * Runs a program from its start to its end, with the user and system time it took.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string | undefined>} [env] besides ours
 * @returns {Promise<{ wall_ms: number, cpu_ms: number | null }>}
 * @throws {Error} with what it wrote to stderr
 */
export async function runProgram(program, args, env = {}) {
  const started = performance.now();
  const child = spawn('bash', ['-c', '"$@"; code=$?; times >&3; exit $code', 'run', program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  let [errors, told] = ['', ''];
  child.stdio[2]?.on('data', (/** @type {Buffer} */ text) => (errors += text.toString()));
  child.stdio[3]?.on('data', (/** @type {Buffer} */ text) => (told += text.toString()));
  const [code] = await once(child, 'close');
  const wall_ms = performance.now() - started;
  if (code !== 0) throw new Error(`${program} ${args[0]} ended with ${code}:\n${errors}`);
  return { wall_ms, cpu_ms: secondsOf(told.trim().split('\n').at(-1) ?? '') };
}

/** "0m1.234s 0m0.100s" → ms. @param {string} line */
function secondsOf(line) {
  const times = [...line.matchAll(/(\d+)m([\d.]+)s/gu)].map(([, m, s]) => Number(m) * 60_000 + Number(s) * 1000);
  return times.length === 2 ? /** @type {number} */ (times[0]) + /** @type {number} */ (times[1]) : null;
}
