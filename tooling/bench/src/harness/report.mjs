// The table people read, and the JSON programs read.
import { cpus, totalmem } from 'node:os';

/**
 * @typedef {import('./compare.mjs').Result} Result
 *
 * @typedef {object} LimitResult a figure of ours alone
 * @property {string} what
 * @property {number} value
 * @property {string} unit
 * @property {'≤' | '≥'} sign at most, or at least
 * @property {number} good
 * @property {number} goal
 * @property {'goal' | 'good' | 'below'} verdict
 *
 * @typedef {object} Report
 * @property {string} name
 * @property {string} size
 * @property {string} machine
 * @property {string} date
 * @property {(Result | LimitResult)[]} results
 */

/**
 * @param {Omit<LimitResult, 'sign' | 'verdict'>} figure
 * @returns {LimitResult}
 */
export function atMost(figure) {
  const { value, good, goal } = figure;
  return { ...figure, sign: '≤', verdict: value <= goal ? 'goal' : value <= good ? 'good' : 'below' };
}

/**
 * @param {Omit<LimitResult, 'sign' | 'verdict'>} figure
 * @returns {LimitResult}
 */
export function atLeast(figure) {
  const { value, good, goal } = figure;
  return { ...figure, sign: '≥', verdict: value >= goal ? 'goal' : value >= good ? 'good' : 'below' };
}

export function machine() {
  return `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}`;
}

const HEAD = ['', 'ours', 'reference', 'ratio', 'CPU', 'A/A', 'good', 'goal', 'reached', 'peak MB', 'load'];

/** @param {Report} report @returns {string} */
export function table(report) {
  const rows = [HEAD, ...report.results.map(row)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '─'.repeat(width)).join('──'));
  return [`${report.name} (${report.size}) on ${report.machine}`, '', ...lines, ...notes(report.results)].join('\n');
}

/** @param {string} cell @param {number} width @param {number} column */
function pad(cell, width, column) {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

/** @param {Result | LimitResult} result @returns {string[]} */
function row(result) {
  if ('value' in result) {
    const { what, value, unit, sign, good, goal, verdict } = result;
    return [what, `${number(value)} ${unit}`, '', '', '', '', `${sign} ${good}`, `${sign} ${goal}`, verdict, '', ''];
  }
  const { what, unit, a, b, ratio, cpu_ratio, control, ratio_kind, good, goal, verdict, peak_mb, load } = result;
  const sign = ratio_kind === 'speed' ? '≥' : '≤';
  return [
    what,
    `${number(a)} ${unit}`,
    `${number(b)} ${unit}`,
    `${ratio.toFixed(2)}×`,
    cpu_ratio === null ? '–' : `${cpu_ratio.toFixed(2)}×`,
    `${control.wall.toFixed(2)}${control.cpu === null ? '' : `/${control.cpu.toFixed(2)}`}${control.steady ? '' : ' !'}`,
    `${sign} ${good}`,
    `${sign} ${goal}`,
    verdict,
    [peak_mb.a, peak_mb.b].some((value) => value !== null) ? [peak_mb.a, peak_mb.b].map(whole).join(' : ') : '',
    load.map((value) => value.toFixed(1)).join('→'),
  ];
}

/** @param {readonly (Result | LimitResult)[]} results @returns {string[]} */
function notes(results) {
  const lines = [''];
  for (const result of results) {
    if ('value' in result) continue;
    lines.push(`${result.what}: ${result.a_name} against ${result.b_name}, ${result.rounds} rounds`);
  }
  if (results.some((result) => 'control' in result && !result.control.steady))
    lines.push(
      '',
      '! A against A differs by more than 7 % (wall) or 4 % (CPU): the machine was restless, measure again.',
    );
  return lines;
}

/** @param {number} value */
function number(value) {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** @param {number | null} value */
function whole(value) {
  return value === null ? '–' : String(Math.round(value));
}
