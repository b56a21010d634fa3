// @ts-check
import { join } from 'node:path';
import { apiFlags } from '@labelyard/dev/api-flags';
import { findFreePort } from '@labelyard/embedded-postgres';
import { RoundRobin } from '../../../api/test/round-robin.ts';
import { Program } from './program.mjs';

/**
 * The API at one address, not started yet: a process, or several of which each connection meets the next (`api-1`, `api-2`, …).
 *
 * @param {{ dir: string, env: NodeJS.ProcessEnv, host: string, port: number, replicas: number, logDir: string }} options
 * @returns {Promise<{ programs: Record<string, Program>, close: () => Promise<void> }>} by their names; `close` what stands before them
 */
export async function openApis({ dir, env, host, port, replicas, logDir }) {
  const program = (/** @type {string} */ name, /** @type {number} */ at) =>
    new Program({
      name,
      args: [...apiFlags(dir), join(dir, 'dist', 'main.js')],
      cwd: dir,
      env: { ...env, PORT: String(at) },
      logFile: join(logDir, `${name}.log`),
      readyUrl: `http://${host}:${at}/health/ready`,
    });
  if (replicas === 1) return { programs: { api: program('api', port) }, close: () => Promise.resolve() };
  /** @type {number[]} */
  const ports = [];
  while (ports.length < replicas) ports.push(await findFreePort());
  const balancer = new RoundRobin(ports);
  await balancer.listen(port);
  const named = ports.map((at, n) => /** @type {const} */ ([`api-${n + 1}`, program(`api-${n + 1}`, at)]));
  return { programs: Object.fromEntries(named), close: () => balancer.close() };
}
