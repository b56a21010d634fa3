// Runs turbo tasks with their output in a log, tells what is going on, and answers how each task ended.
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT } from '../bootstrap/workspace-paths.mjs';

const HEARTBEAT_MS = 30_000;
/** A task that says nothing for this long hangs: the slowest test file is done in a fraction of it. */
const SILENCE_MS = 10 * 60_000;

/**
 * @typedef {{ task: string, name: string, folder: string, outcome: 'passed' | 'failed' | 'not run', logFile: string }} Ended
 * @typedef {{ source: string, text: string }} Line
 */

/**
 * @param {object} options
 * @param {string[]} options.tasks
 * @param {number} options.concurrency
 * @param {string} options.logFile
 * @param {(line: string) => void} options.say
 * @param {AbortSignal} options.signal
 * @returns {Promise<Ended[]>}
 * @throws {Error} when turbo could not run at all
 */
export async function runTurbo({ tasks, concurrency, logFile, say, signal }) {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = createWriteStream(logFile);
  const args = ['exec', 'turbo', 'run', ...tasks];
  args.push('--json', '--summarize', '--continue=dependencies-successful', `--concurrency=${concurrency}`);
  const child = spawn('pnpm', args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  });
  const interrupt = () => child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  const progress = createTaskProgress(say, new Set(tasks));
  let summaryFile = '';
  /** @type {string[]} */
  const complaints = [];
  /** What turbo's summary leaves out when it is interrupted. @type {Ended[]} */
  const hung = [];
  const silence = setTimeout(() => {
    say(`Nothing was heard for ${SILENCE_MS / 60_000} minutes: what still runs is ended`);
    hung.push({ task: tasks.join(' '), name: 'hangs', folder: ROOT, outcome: 'failed', logFile });
    interrupt();
  }, SILENCE_MS);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { source, text } = parseLine(line);
    log.write(`${source}: ${text}\n`);
    silence.refresh();
    summaryFile ||= /^Summary:\s+(.*\.json)$/.exec(text)?.[1] ?? '';
    progress.saw({ source, text });
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    log.write(`${line}\n`);
    complaints.push(line);
  });
  await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  clearTimeout(silence);
  progress.end();
  signal.removeEventListener('abort', interrupt);
  await new Promise((resolve) => log.end(resolve));
  signal.throwIfAborted();
  if (!summaryFile)
    throw new Error(`turbo run ${tasks.join(' ')} did not run: ${complaints.slice(-5).join('\n')} (${logFile})`);
  const summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
  rmSync(summaryFile, { force: true });
  return [...summary.tasks.map(toEnded), ...hung];
}

/** @param {string} line @returns {Line} */
export function parseLine(line) {
  try {
    const { source, text } = JSON.parse(line);
    return { source: String(source), text: String(text) };
  } catch {
    return { source: 'turbo', text: line };
  }
}

/**
 * @param {any} task of turbo's run summary
 * @returns {Ended}
 */
export function toEnded({ task, package: packageName, directory, logFile, cache, execution }) {
  const hit = cache?.status === 'HIT';
  const outcome = hit || execution?.exitCode === 0 ? 'passed' : execution ? 'failed' : 'not run';
  return {
    task: task.replace(/^.*#/, ''),
    name: shortName(packageName),
    folder: join(ROOT, directory ?? ''),
    outcome,
    logFile: join(ROOT, logFile ?? ''),
  };
}

/** @param {string} packageName `@labelyard/domain`, `//` for the repository itself */
function shortName(packageName) {
  return packageName === '//' ? 'repository' : packageName.replace(/^@labelyard\//, '');
}

/**
 * One line when a task begins (or was unchanged), a sign of life when nothing begins for long, and each failing test file at once.
 *
 * @param {(line: string) => void} say
 * @param {ReadonlySet<string>} shown tasks worth a line; the others are their preparation
 */
function createTaskProgress(say, shown) {
  const begin = Date.now();
  /** @type {Set<string>} */
  const seen = new Set();
  /** @type {Set<string>} */
  const active = new Set();
  const stamp = () => `[${String(Math.round((Date.now() - begin) / 1000)).padStart(4)} s]`;
  const timer = setInterval(() => {
    if (active.size > 0) say(`${stamp()} still at it: ${[...active].join(', ')}`);
    active.clear();
  }, HEARTBEAT_MS);
  return {
    /** @param {Line} line */
    saw({ source, text }) {
      const [packageName, task] = source.split('#');
      if (!packageName || !task) return;
      const label = `${task} ${shortName(packageName)}`;
      active.add(label);
      if (/^FAIL\s/.test(text)) say(`${stamp()} ✗ ${text}`);
      if (seen.has(source) || !shown.has(task)) return;
      seen.add(source);
      say(`${stamp()} ${label}${text.startsWith('cache hit') ? ' (unchanged)' : ''}`);
    },
    end: () => clearInterval(timer),
  };
}
