// CPU time and memory of processes that are not ours to instrument, from /proc. Elsewhere than on Linux there is none:
// the figures are null there, and the tables show a dash.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Linux reports process times in these, whatever the kernel's own tick is. */
const TICK_MS = 10;

/** Fields of /proc/PID/stat behind the name, which may hold spaces and brackets. */
const FIELD = { parent: 1, user: 11, system: 12, children_user: 13, children_system: 14 };

/** @param {number | string} pid @returns {number[] | null} null when there is no such process, or no /proc */
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
  } catch {
    return null;
  }
}

/** @param {number[]} fields @param {(keyof typeof FIELD)[]} names */
function milliseconds(fields, ...names) {
  return names.reduce((sum, name) => sum + (fields[FIELD[name]] ?? 0), 0) * TICK_MS;
}

/** @param {number} pid @returns {number | null} user and system time so far, ms */
export function cpuOf(pid) {
  const fields = stat(pid);
  return fields && milliseconds(fields, 'user', 'system');
}

/**
 * A process with its children, living and reaped: a Postgres server with its sessions.
 *
 * @param {number} pid
 * @returns {number | null} ms
 */
export function cpuOfFamily(pid) {
  const own = stat(pid);
  if (!own) return null;
  let total = milliseconds(own, 'user', 'system', 'children_user', 'children_system');
  for (const entry of readdirSync('/proc')) {
    const fields = /^\d+$/.test(entry) ? stat(entry) : null;
    if (fields?.[FIELD.parent] === pid) total += milliseconds(fields, 'user', 'system');
  }
  return total;
}

/**
 * Adds up meters; one that is not there makes the sum unknown.
 *
 * @param {readonly (() => number | null)[]} meters
 * @returns {() => number | null}
 */
export function together(...meters) {
  return () => meters.reduce((/** @type {number | null} */ sum, meter) => add(sum, meter()), 0);
}

/** @param {number | null} a @param {number | null} b */
function add(a, b) {
  return a === null || b === null ? null : a + b;
}

/** @param {number | null} before @param {number | null} after */
export function difference(before, after) {
  return before === null || after === null ? null : after - before;
}

/** @param {number} pid @returns {number | null} largest resident size since the start or the last `resetPeakMemory`, MB */
export function peakMemory(pid) {
  try {
    const kB = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kB === undefined ? null : Number(kB) / 1024;
  } catch {
    return null;
  }
}

/** @param {number} pid */
export function resetPeakMemory(pid) {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
  } catch {
    // Not on Linux, or not allowed: the peak then counts from the start of the process.
  }
}
