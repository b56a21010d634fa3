import { spawn } from 'node:child_process';
import { join } from 'node:path';

const YARD = join(import.meta.dirname, '..', '..', 'bin', 'yard.mjs');

/** When a command is killed. */
export interface PowerCut {
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
 * Runs yard as an operator does: a process of its own, in the folder of a configuration. With `kill` it dies as in a power cut, so many
 * milliseconds after it said that it begins its n-th step, when it is not done by then.
 */
export async function runYard(
  folder: string,
  args: readonly string[],
  options: { readonly kill?: PowerCut; readonly onLine?: (line: string) => void } = {},
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
    const { kill } = options;
    if (!kill || timer || stderr.split(STEP_SIGN).length <= kill.in_step) return;
    timer = setTimeout(() => child.kill('SIGKILL'), kill.after_ms);
  });
  const exit_code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearTimeout(timer);
  return { exit_code, stdout, stderr };
}
