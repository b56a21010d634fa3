import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { YardError } from '../cli/yard-error.js';

const YARD = join(import.meta.dirname, '..', '..', 'bin', 'yard.mjs');

/** When a command is killed as in a power cut, or interrupted as by Ctrl-C. */
export interface Interruption {
  readonly by: 'SIGKILL' | 'SIGINT';
  /** 1 is the first. */
  readonly in_step: number;
  readonly after_ms: number;
}

/** How the terminal shows that a step begins. */
const STEP_SIGN = '▸';

/** How a command of yard ended. */
export interface YardRun {
  /** Null when it was killed. */
  readonly exit_code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs yard as an operator does: a process of its own, in the folder of a configuration. With `end` it gets a signal so many milliseconds
 * after it said that it begins its n-th step, when it is not done by then.
 */
export async function runYard(
  folder: string,
  args: readonly string[],
  options: { readonly end?: Interruption; readonly onLine?: (line: string) => void } = {},
): Promise<YardRun> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', YARD, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  let timer: NodeJS.Timeout | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    for (const line of text.split('\n')) if (line.trim()) options.onLine?.(line);
    const { end } = options;
    if (!end || timer || stderr.split(STEP_SIGN).length <= end.in_step) return;
    timer = setTimeout(() => child.kill(end.by), end.after_ms);
  });
  const exit_code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { exit_code, stdout, stderr };
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
