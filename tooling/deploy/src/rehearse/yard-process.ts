import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { YardError } from '../cli/yard-error.js';

const YARD = join(import.meta.dirname, '..', '..', 'bin', 'yard.mjs');

/** How the terminal shows that a step begins. */
const STEP_SIGN = '▸';

/** How a command of yard ended. */
export interface YardRun {
  /** Null when it was killed. */
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Who watches a command at work. */
export interface YardWatch {
  readonly onLine?: (line: string) => void;
  /** It begins a step; 1 is the first. */
  readonly onStep?: (step: number, kill: (signal: NodeJS.Signals) => void) => void;
}

/** Runs yard as an operator does: a process of its own, in the folder of a configuration. */
export async function runYard(folder: string, args: readonly string[], watch: YardWatch = {}): Promise<YardRun> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', YARD, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr, steps] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  createInterface({ input: child.stderr.setEncoding('utf8') }).on('line', (line) => {
    stderr += `${line}\n`;
    if (line.trim()) watch.onLine?.(line);
    if (line.startsWith(STEP_SIGN)) watch.onStep?.((steps += 1), (signal) => child.kill(signal));
  });
  const exit_code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit_code, stdout, stderr };
}

/** The title of the step a command was at. */
export function lastStep({ stderr }: YardRun): string {
  const line = stderr.split('\n').findLast((text) => text.startsWith(STEP_SIGN));
  return line?.slice(STEP_SIGN.length + 1) ?? 'before the first step';
}

/** The same, and says what it says. @throws YardError failed when it does not end well */
export async function succeed(folder: string, args: readonly string[], say: (line: string) => void): Promise<YardRun> {
  say(`$ yard ${args.join(' ')}`);
  const run = await runYard(folder, args, { onLine: (line) => say(`    ${line}`) });
  if (run.exit_code !== 0) throw failed(args, run);
  return run;
}

export function failed(args: readonly string[], run: YardRun): YardError {
  return new YardError(
    'failed',
    `yard ${args.join(' ')} ended with ${run.exit_code ?? 'a signal'}:\n${run.stderr.slice(-3_000)}\n${run.stdout.slice(0, 3_000)}`,
    'Read what it says; the rehearsal has removed everything it made.',
  );
}
