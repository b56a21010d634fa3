// @ts-check
// `pnpm -C apps/web e2e [--storage=disk|s3] [Playwright's own arguments]`: the journeys, in a real browser, against the whole
// product. Without arguments: every journey with images on disk, and the main journey with an S3 server too. Journeys that
// kill programs, and those about replicas of the API, have a stack of their own: name their file to run them alone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { findBrowser } from './stack/browser.mjs';
import { PASSWORD, PEOPLE, startStack } from './stack/stack.mjs';

const WEB = join(import.meta.dirname, '..');
const REPORTS = join(WEB, 'reports');
const RESULTS = join(REPORTS, 'e2e-results');
const LOGS = join(REPORTS, 'e2e-logs');

/**
 * @typedef {'journeys' | 'failures' | 'replicas'} Project
 * @typedef {{ storage: 'disk' | 's3', projects: Project[], args: string[] }} Pass one stack and what is run against it
 * @typedef {{ passed: number, failed: number, skipped: string[] }} Counts
 */

/** Browsers at once. What kills programs of the stack has it to itself. @type {Record<Project, number>} */
const WORKERS = { journeys: 2, failures: 1, replicas: 1 };

/** API processes behind a load balancer, for the journeys in which one of them is killed. */
const REPLICAS = 2;

const say = (/** @type {string} */ line) => console.log(`e2e: ${line}`);

/** Lanes run side by side, the passes of each one after another. @returns {Pass[][]} */
function chooseLanes() {
  const args = process.argv.slice(2);
  const option = args.find((arg) => arg.startsWith('--storage='))?.slice('--storage='.length);
  const storage = option ?? process.env.E2E_STORAGE;
  if (storage !== undefined && storage !== 'disk' && storage !== 's3')
    throw new Error(`The storage is "${storage}"; it can be disk or s3`);
  const own = args.filter((arg) => !arg.startsWith('--storage='));
  if (own.some((arg) => arg.includes('replicas')))
    return [[{ storage: storage ?? 'disk', projects: ['replicas'], args: own }]];
  if (storage || own.length > 0)
    return [[{ storage: storage ?? 'disk', projects: ['journeys', 'failures'], args: own }]];
  // What kills programs mostly waits for them to come back.
  return [
    [{ storage: 'disk', projects: ['journeys'], args: [] }],
    [
      { storage: 'disk', projects: ['failures'], args: [] },
      { storage: 'disk', projects: ['replicas'], args: [] },
      { storage: 's3', projects: ['journeys'], args: ['main-job'] },
    ],
  ];
}

/**
 * @param {Pass} pass
 * @param {string} browser
 * @returns {Promise<Counts>}
 */
async function runPass({ storage, projects, args }, browser) {
  const started = performance.now();
  const name = `${storage} ${projects.join(' and ')}`;
  const logDir = join(LOGS, `${storage}-${projects.join('-')}`);
  mkdirSync(logDir, { recursive: true });
  const replicas = projects.includes('replicas') ? REPLICAS : 1;
  const stack = await startStack({ storage, replicas, logDir, env: process.env, say });
  say(`${name}: the stack runs (${seconds(started)}); storage: ${stack.storage}; web: ${stack.webUrl}`);
  /** @type {Counts} */
  const sum = { passed: 0, failed: 0, skipped: [] };
  try {
    for (const project of projects) add(sum, await runPlaywright({ stack, args, browser, storage, project }));
    return sum;
  } finally {
    await stack.stop();
    say(`${name}: ${seconds(started)}`);
  }
}

/** @param {Counts} sum @param {Counts} counts */
function add(sum, { passed, failed, skipped }) {
  sum.passed += passed;
  sum.failed += failed;
  sum.skipped.push(...skipped);
}

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * @param {{ stack: import('./stack/stack.mjs').Stack, args: string[], browser: string, storage: string,
 *   project: Project }} options
 * @returns {Promise<Counts>}
 */
async function runPlaywright({ stack, args, browser, storage, project }) {
  const output = join(RESULTS, `${storage}-${project}`);
  const report = `${output}.json`;
  const cli = join(WEB, 'node_modules', '@playwright', 'test', 'cli.js');
  const options = [
    `--project=${project}`,
    `--workers=${WORKERS[project]}`,
    `--output=${output}`,
    '--pass-with-no-tests',
  ];
  const tests = spawn(process.execPath, [cli, 'test', ...options, ...args], {
    cwd: WEB,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: {
      ...process.env,
      // The browser reads names of files by it.
      LC_ALL: 'C.UTF-8',
      E2E_BROWSER: browser,
      E2E_WEB_URL: stack.webUrl,
      E2E_API_URL: stack.apiUrl,
      E2E_CONTROL_URL: stack.controlUrl,
      E2E_DATABASE_URL: stack.databaseUrl,
      E2E_STORAGE: storage,
      E2E_PEOPLE: JSON.stringify(PEOPLE),
      E2E_PASSWORD: PASSWORD,
      PLAYWRIGHT_JSON_OUTPUT_FILE: report,
    },
  });
  running.add(tests);
  const [code, signal] = await once(tests, 'exit');
  running.delete(tests);
  if (!existsSync(report)) throw new Error(`Playwright ended (${signal ?? code}) without a report`);
  const counts = readCounts(JSON.parse(readFileSync(report, 'utf8')), storage);
  // Something beside the tests went wrong: a file that cannot be read, a worker that died.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  return counts;
}

/**
 * @param {any} report of Playwright's JSON reporter
 * @param {string} storage
 * @returns {Counts}
 */
function readCounts(report, storage) {
  /** @type {Counts} */
  const counts = { passed: 0, failed: 0, skipped: [] };
  const visit = (/** @type {any} */ suite, /** @type {string[]} */ path) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        const title = [storage, ...path, spec.title].join(' › ');
        if (test.status === 'expected') counts.passed += 1;
        else if (test.status === 'flaky') {
          counts.passed += 1;
          say(`passed only the second time: ${title}`);
        } else if (test.status === 'skipped') {
          const reason = test.annotations.find((/** @type {any} */ note) => note.type === 'skip')?.description;
          counts.skipped.push(`${title}: ${reason ?? 'not run after an earlier failure'}`);
          if (!reason) counts.failed += 1;
        } else counts.failed += 1;
      }
    }
    for (const inner of suite.suites ?? []) visit(inner, [...path, inner.title]);
  };
  for (const suite of report.suites) visit(suite, [suite.title]);
  return counts;
}

/**
 * Ends early once anything has failed; never throws, because the other lane's stack is to be taken down whatever happens here.
 *
 * @param {Pass[]} passes
 * @param {string} browser
 */
async function runLane(passes, browser) {
  for (const pass of passes) {
    if (total.failed > 0) return;
    await runPass(pass, browser).then((counts) => add(total, counts), blame);
  }
}

/** @param {unknown} error */
function blame(error) {
  total.failed += 1;
  console.error(error instanceof Error ? error.message : error);
}

/** @param {number} since */
function seconds(since) {
  return `${((performance.now() - since) / 1_000).toFixed(1)} s`;
}

const total = { name: 'web e2e', passed: 0, failed: 0, skipped: /** @type {string[]} */ ([]) };
// Ctrl-C ends the tests; everything else is then taken down as after any run.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, () => {
    total.failed += 1;
    for (const tests of running) tests.kill('SIGKILL');
  });
rmSync(RESULTS, { recursive: true, force: true });
rmSync(LOGS, { recursive: true, force: true });
mkdirSync(RESULTS, { recursive: true });
try {
  const browser = findBrowser({ env: process.env, say });
  await Promise.all(chooseLanes().map((passes) => runLane(passes, browser)));
} catch (error) {
  blame(error);
}
writeFileSync(join(REPORTS, 'e2e.json'), `${JSON.stringify(total, null, 2)}\n`);
for (const line of total.skipped) say(`skipped: ${line}`);
say(`${total.passed} passed, ${total.failed} failed, ${total.skipped.length} skipped`);
if (total.failed > 0) {
  const place = (/** @type {string} */ path) => relative(process.cwd(), path) || '.';
  say(`traces and screenshots: ${place(RESULTS)}   logs of API and web: ${place(LOGS)}`);
  say('look at a trace: pnpm -C apps/web exec playwright show-trace <trace.zip>');
}
process.exit(total.failed > 0 ? 1 : 0);
