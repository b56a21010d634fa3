// One side of a comparison of HTTP servers.
import { httpLoad } from './http-load.mjs';
import { cpuOf, cpuOfFamily, difference, peakMemory, resetPeakMemory, together } from './process-meter.mjs';
import { percentile } from './statistics.mjs';

/**
 * @typedef {object} HttpSideOptions
 * @property {string} name
 * @property {{ pid: number, port: number }} server
 * @property {number | null} database_pid its sessions work for the server
 * @property {readonly Buffer[]} requests
 * @property {number} connections
 * @property {number} duration_ms
 * @property {boolean} [busy] see `httpLoad`
 *
 * @param {HttpSideOptions} options
 * @returns {import('./compare.mjs').Side}
 */
export function httpSide({ name, server, database_pid, ...load }) {
  const cpu = together(
    () => cpuOf(server.pid),
    () => (database_pid === null ? 0 : cpuOfFamily(database_pid)),
  );
  return {
    name,
    run: async () => {
      resetPeakMemory(server.pid);
      const before = cpu();
      const { wall_ms, count, latencies_ms } = await httpLoad({ ...load, port: server.port });
      return { wall_ms, count, latencies_ms, cpu_ms: difference(before, cpu()), peak_mb: peakMemory(server.pid) };
    },
  };
}

/** @type {import('./compare.mjs').Metric} */
export const P95 = { of: ({ latencies_ms = [] }) => percentile(latencies_ms, 0.95), unit: 'ms' };
/** @type {import('./compare.mjs').Metric} */
export const P50 = { of: ({ latencies_ms = [] }) => percentile(latencies_ms, 0.5), unit: 'ms' };

/**
 * The body of an answer, for comparing what two servers say before how fast they say it.
 *
 * @param {string} origin
 * @param {string} path
 * @param {string} [token]
 * @returns {Promise<any>}
 */
export async function fetchJson(origin, path, token) {
  const response = await fetch(origin + path, { headers: token ? { authorization: `Bearer ${token}` } : {} });
  if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`);
  return response.json();
}
