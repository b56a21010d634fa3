// A against B, interleaved: what disturbs the machine for a while disturbs both.
import { loadavg } from 'node:os';
import { mean, median } from './statistics.mjs';
import { warmMemory } from './warm-memory.mjs';

/**
 * One run of one side.
 *
 * @typedef {object} Sample
 * @property {number} wall_ms
 * @property {number} count units of work done in it
 * @property {number | null} [cpu_ms] user and system time of all that worked for it
 * @property {number | null} [peak_mb] largest resident size of the process in question
 * @property {readonly number[]} [latencies_ms] of its requests
 *
 * @typedef {object} Side
 * @property {string} name
 * @property {() => Promise<Sample>} run
 *
 * @typedef {object} Comparison
 * @property {string} what
 * @property {Side} a ours
 * @property {Side} b the reference
 * @property {Metric} [metric] default: wall time per unit
 * @property {'speed' | 'cost'} ratio speed: how many times as fast A is, at least `good`. cost: how many times as much A takes, at most `good`
 * @property {number} good
 * @property {number} goal
 * @property {number} [writes_mb] what a run writes to files at most: as much memory is at hand before each of them
 *
 * @typedef {object} Metric less is better
 * @property {(sample: Sample) => number} of
 * @property {'ms' | 'µs' | 'MB'} unit
 * @property {boolean} [rate] shown as units per second
 *
 * @typedef {object} Result
 * @property {string} what
 * @property {string} unit
 * @property {number} a median
 * @property {number} b median
 * @property {string} a_name
 * @property {string} b_name
 * @property {'speed' | 'cost'} ratio_kind
 * @property {number} ratio median over the rounds
 * @property {number | null} cpu_ratio the same of CPU time
 * @property {number} good
 * @property {number} goal
 * @property {'goal' | 'good' | 'below'} verdict
 * @property {Control} control
 * @property {number} rounds
 * @property {{ a: number | null, b: number | null }} peak_mb
 * @property {[before: number, after: number]} load the machine's load average over a minute
 *
 * @typedef {object} Control A against A, of the same rounds
 * @property {number} wall
 * @property {number | null} cpu
 * @property {boolean} steady false: the machine was too restless, measure again
 */

/** @type {Metric} */
const WALL = { of: ({ wall_ms, count }) => wall_ms / count, unit: 'ms' };
export const METRICS = /** @satisfies {Record<string, Metric>} */ ({
  wall: WALL,
  microseconds: { of: ({ wall_ms, count }) => (1000 * wall_ms) / count, unit: 'µs' },
  rate: { ...WALL, rate: true },
});

/** Between these, two runs of the same thing count as equal. */
const STEADY = { wall: [0.93, 1.07], cpu: [0.96, 1.04] };

/**
 * Runs each side twice per round, in the order A B B A and then B A A B, after one run of each that does not count.
 *
 * @param {Comparison} comparison
 * @param {{ rounds: number, folder: string, say: (line: string) => void }} options
 * @returns {Promise<Result>}
 */
export async function compare(comparison, { rounds, folder, say }) {
  const { a, b, what, metric = WALL, writes_mb = 0 } = comparison;
  const run = (/** @type {Side} */ side) => {
    if (writes_mb > 0) warmMemory(folder, writes_mb);
    return side.run();
  };
  const before = loadavg()[0] ?? NaN;
  await run(a);
  await run(b);
  /** @type {Round[]} */
  const done = [];
  for (let round = 0; round < rounds; round += 1) {
    /** @type {Round} */
    const samples = { a: [], b: [] };
    for (const side of round % 2
      ? /** @type {const} */ (['b', 'a', 'a', 'b'])
      : /** @type {const} */ (['a', 'b', 'b', 'a']))
      samples[side].push(await run(comparison[side]));
    done.push(samples);
    const [shown_a, shown_b] = [samples.a, samples.b].map((side) => mean(side.map(metric.of)).toPrecision(3));
    say(`${what}, round ${round + 1} of ${rounds}: ${shown_a} against ${shown_b} ${metric.unit}`);
  }
  return summarise(comparison, done, [before, loadavg()[0] ?? NaN]);
}

/** @typedef {{ a: Sample[], b: Sample[] }} Round */

/**
 * @param {Comparison} comparison
 * @param {readonly Round[]} rounds
 * @param {[number, number]} load
 * @returns {Result}
 */
export function summarise(comparison, rounds, load) {
  const { what, a, b, ratio: ratio_kind, good, goal, metric = WALL } = comparison;
  const samples = { a: rounds.flatMap((round) => round.a), b: rounds.flatMap((round) => round.b) };
  const cost = median(rounds.map((round) => mean(round.a.map(metric.of)) / mean(round.b.map(metric.of))));
  const cpu_cost = medianOrNull(rounds.map((round) => divided(cpuPerUnit(round.a), cpuPerUnit(round.b))));
  const speed = ratio_kind === 'speed';
  const ratio = speed ? 1 / cost : cost;
  const reached = (/** @type {number} */ limit) => (speed ? ratio >= limit : ratio <= limit);
  return {
    what,
    unit: metric.rate ? '/s' : metric.unit,
    ...shown(samples, metric),
    a_name: a.name,
    b_name: b.name,
    ratio_kind,
    ratio,
    cpu_ratio: cpu_cost === null ? null : speed ? 1 / cpu_cost : cpu_cost,
    good,
    goal,
    verdict: reached(goal) ? 'goal' : reached(good) ? 'good' : 'below',
    control: controlOf(rounds, metric),
    rounds: rounds.length,
    peak_mb: { a: peak(samples.a), b: peak(samples.b) },
    load,
  };
}

/** @param {{ a: Sample[], b: Sample[] }} samples @param {Metric} metric @returns {{ a: number, b: number }} */
function shown({ a, b }, metric) {
  const value = (/** @type {Sample[]} */ side) => {
    const middle = median(side.map(metric.of));
    return metric.rate ? 1000 / middle : middle;
  };
  return { a: value(a), b: value(b) };
}

/**
 * The first run of A in each round against its second.
 *
 * @param {readonly Round[]} rounds
 * @param {Metric} metric
 * @returns {Control}
 */
function controlOf(rounds, metric) {
  const pairs = rounds.map((round) => /** @type {[Sample, Sample]} */ (round.a));
  const wall = median(pairs.map(([first, second]) => metric.of(first) / metric.of(second)));
  const cpu = medianOrNull(pairs.map(([first, second]) => divided(cpuPerUnit([first]), cpuPerUnit([second]))));
  const within = (/** @type {number | null} */ value, /** @type {number[]} */ [low = 0, high = 0]) =>
    value === null || (value >= low && value <= high);
  return { wall, cpu, steady: within(wall, STEADY.wall) && within(cpu, STEADY.cpu) };
}

/** @param {readonly Sample[]} samples @returns {number | null} ms; null when unknown, or too little for the kernel's ticks */
function cpuPerUnit(samples) {
  let sum = 0;
  for (const { cpu_ms, count } of samples) {
    if (!cpu_ms) return null;
    sum += cpu_ms / count;
  }
  return sum / samples.length;
}

/** @param {number | null} a @param {number | null} b */
function divided(a, b) {
  return a === null || b === null ? null : a / b;
}

/** @param {readonly (number | null)[]} values */
function medianOrNull(values) {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : median(known);
}

/** @param {readonly Sample[]} samples */
function peak(samples) {
  const known = samples.map(({ peak_mb }) => peak_mb).filter((value) => typeof value === 'number');
  return known.length > 0 ? Math.max(...known) : null;
}
