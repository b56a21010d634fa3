// The same people work for a while, at one pace after the other.
import { percentile } from '../harness/statistics.mjs';
import { seededRandom } from '../system/random.mjs';
import { labelAllDay } from './day.mjs';

/**
 * @typedef {import('./person.mjs').Measured} Measured
 *
 * @typedef {object} Shift
 * @property {string} name
 * @property {number} offered calls a second of a hundred people, if each is answered in time; Infinity: without a pause
 * @property {number} ms how long it lasts; whoever has an image then brings it to its end
 *
 * @typedef {object} Worked
 * @property {readonly Measured[]} calls
 * @property {number} per_second
 * @property {number | null} cpu_ms of a call
 * @property {number} p95
 */

/**
 * @param {Shift} shift
 * @param {Omit<import('./day.mjs').Day, 'random' | 'over' | 'pace_ms'> & {
 *   staff: readonly import('./person.mjs').Person[], calls: Measured[], cpu: () => number | null }} work
 *   `calls`: where everybody's calls are written down; emptied at the beginning
 * @returns {Promise<Worked>}
 */
export async function workShift({ offered, ms }, { staff, calls, cpu, ...day }) {
  calls.length = 0;
  const cpu_before = cpu();
  const begun = performance.now();
  await Promise.all(
    staff.map((person, n) =>
      labelAllDay(person, {
        ...day,
        random: seededRandom(n + 1 + ms),
        over: () => performance.now() - begun >= ms,
        pace_ms: 100_000 / offered,
      }),
    ),
  );
  const seconds = (performance.now() - begun) / 1000;
  const cpu_after = cpu();
  return {
    calls: [...calls],
    per_second: calls.length / seconds,
    cpu_ms: cpu_before === null || cpu_after === null ? null : (cpu_after - cpu_before) / calls.length,
    p95: percentile(
      calls.map((call) => call.ms),
      0.95,
    ),
  };
}

/** @param {readonly Measured[]} calls @returns {string[]} a line for each kind of call */
export function byKind(calls) {
  const names = [...new Set(calls.map(({ name }) => name))].toSorted();
  return names.map((name) => {
    const times = calls.filter((call) => call.name === name).map(({ ms }) => ms);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((p) => percentile(times, p).toFixed(1));
    return `${name.padEnd(10)} ${String(times.length).padStart(6)}  p50 ${p50}  p95 ${p95}  p99 ${p99} ms`;
  });
}
