// `npm test`: lint, types, every test and the browser journey. Prints what fails and ends with "N passed, N failed".
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { stopIdleTestCluster } from '@labelyard/embedded-postgres';
import { workspaceFolders } from '../bootstrap/install.mjs';
import { tail } from '../bootstrap/logged-run.mjs';
import { REPORTS, ROOT } from '../bootstrap/workspace-paths.mjs';
import { lastLine, tally } from './tally.mjs';
import { runTurbo } from './turbo-run.mjs';

/**
 * Each runs beside the others from the start. The journeys take longest and wait for pages, timers and programs half of their
 * time: queued behind the others they would have the machine to themselves in the end, and leave half of it idle.
 */
const CHECKS = {
  journeys: ['e2e'],
  checks: ['lint', 'lint:root', 'typecheck', 'test'],
};

/** Each test package brings its own workers; more of them at once only take memory. */
const CONCURRENCY = Math.max(1, Math.min(4, availableParallelism()));
const SHOWN_FAILURES = 12;
const TAIL_LINES = 60;

/** Where a runner leaves its counts, by task. @type {Record<string, string>} */
const REPORT_FILES = { test: 'tests.json', e2e: 'e2e.json' };

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interrupted.abort());

/** @param {string} line */
function say(line) {
  console.log(line);
}

/** Counts of an earlier run must not be taken for this one's; turbo puts back those of unchanged packages. */
function removeOldReports() {
  for (const folder of workspaceFolders()) {
    for (const file of Object.values(REPORT_FILES)) rmSync(join(ROOT, folder, 'reports', file), { force: true });
  }
}

/**
 * @param {import('./turbo-run.mjs').Ended} ended
 * @returns {import('./tally.mjs').TaskResult}
 */
function withReport(ended) {
  const file = REPORT_FILES[ended.task];
  const path = file && join(ended.folder, 'reports', file);
  return { ...ended, ...(path && existsSync(path) && { report: JSON.parse(readFileSync(path, 'utf8')) }) };
}

/** @param {import('./turbo-run.mjs').Ended[]} results */
function showFailures(results) {
  const failed = results.filter(({ outcome }) => outcome === 'failed');
  for (const { task, name, logFile } of failed.slice(0, SHOWN_FAILURES)) {
    say(`\n──── ${task} ${name} (all of it: ${logFile})\n${tail(logFile, TAIL_LINES)}`);
  }
  if (failed.length > SHOWN_FAILURES) say(`\n… and ${failed.length - SHOWN_FAILURES} more`);
}

/** @returns {Promise<import('./turbo-run.mjs').Ended[]>} */
async function runAll() {
  const options = { say, signal: interrupted.signal };
  say('Builds');
  const built = await runTurbo({
    ...options,
    tasks: ['build'],
    concurrency: CONCURRENCY,
    logFile: join(REPORTS, 'build.log'),
  });
  say('Lint, types, tests and the browser journeys');
  const checked = await Promise.all(
    Object.entries(CHECKS).map(([name, tasks]) =>
      runTurbo({ ...options, tasks, concurrency: CONCURRENCY, logFile: join(REPORTS, `${name}.log`) }),
    ),
  );
  // The builds the checks need were counted already.
  return [...built, ...checked.flat().filter(({ task }) => task !== 'build')];
}

async function main() {
  removeOldReports();
  try {
    const ended = await runAll();
    const results = ended.map(withReport);
    const sum = tally(results);
    showFailures(ended);
    if (sum.skipped.length > 0) say(`\nSkipped:\n${sum.skipped.map((line) => `  ${line}`).join('\n')}`);
    if (sum.failures.length > 0) say(`\nFailed:\n${sum.failures.map((line) => `  ${line}`).join('\n')}`);
    say('');
    say(lastLine(sum));
    return sum.failed === 0 ? 0 : 1;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    say(`\n${/** @type {Error} */ (error).message}\n`);
    say(lastLine({ passed: 0, failed: 1, skipped: [] }));
    return 1;
  } finally {
    await stopIdleTestCluster();
  }
}

process.exit(await main());
