// Adds up what the checks said. Pure: reads nothing, runs nothing.

/**
 * What a test runner leaves in a package's `reports` folder.
 *
 * @typedef {{ name: string, passed: number, failed: number, skipped: string[] }} Report
 *
 * @typedef {object} TaskResult
 * @property {string} task "lint", "typecheck", "test", "e2e", "build" …
 * @property {string} name of the package, "domain"
 * @property {'passed' | 'failed' | 'not run'} outcome
 * @property {Report} [report] of test tasks
 *
 * @typedef {{ passed: number, failed: number, skipped: string[], failures: string[] }} Tally
 */

/** Tasks that run many tests and report each; the others count as one check each. */
const TEST_TASKS = new Set(['test', 'e2e']);

/**
 * @param {TaskResult[]} results
 * @returns {Tally} failures: one line for each thing that failed
 */
export function tally(results) {
  /** @type {Tally} */
  const sum = { passed: 0, failed: 0, skipped: [], failures: [] };
  for (const result of results) {
    if (TEST_TASKS.has(result.task)) addTests(sum, result);
    else addCheck(sum, result);
  }
  return sum;
}

/** @param {Tally} sum @param {TaskResult} result */
function addCheck(sum, { task, name, outcome }) {
  if (outcome === 'passed') sum.passed += 1;
  else fail(sum, `${task} ${name}: ${outcome === 'failed' ? 'failed' : 'not run, because something it needs failed'}`);
}

/** @param {Tally} sum @param {TaskResult} result */
function addTests(sum, { task, name, outcome, report }) {
  if (outcome === 'not run') return fail(sum, `${task} ${name}: not run, because something it needs failed`);
  // A package without tests has a script that does nothing.
  if (!report && outcome === 'passed' && task === 'test') return;
  if (!report) return fail(sum, `${task} ${name}: ${outcome === 'failed' ? 'failed' : 'passed'} without a report`);
  sum.passed += report.passed;
  sum.skipped.push(...report.skipped.map((test) => `${name}: ${test}`));
  if (report.failed > 0) fail(sum, `${task} ${name}: ${report.failed} failed`, report.failed);
  // Ended badly with every test green: an open handle, a crash after the last test.
  else if (outcome === 'failed') fail(sum, `${task} ${name}: the run itself failed`);
}

/** @param {Tally} sum @param {string} line @param {number} [count] */
function fail(sum, line, count = 1) {
  sum.failed += count;
  sum.failures.push(line);
}

/**
 * The one line at the very end that programs read.
 *
 * @param {{ passed: number, failed: number, skipped: string[] }} sum
 */
export function lastLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}
