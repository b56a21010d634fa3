import { styleText } from 'node:util';
import cliProgress from 'cli-progress';
import type { Redactor } from './redaction.js';

export type Mark = 'ok' | 'warn' | 'fail' | 'none';

export interface Progress {
  /** `done` of `total` in the unit named at the start; the total may grow, and is null where nobody knows it. */
  update(done: number, total: number | null): void;
  end(): void;
}

/** Where a command says things: data for programs on stdout, words for people on stderr. All of it is redacted. */
export interface Output {
  readonly json: boolean;
  /** The command's answer: with --json as one JSON value, else as the lines of `text`. Once per command. */
  answer(data: unknown, text: readonly string[]): void;
  /** A line for people. */
  say(line?: string): void;
  /** A line for people with a mark before it. */
  mark(mark: Mark, line: string): void;
  /** A bar while something long runs; a line now and then where there is no terminal. */
  progress(label: string, unit: string): Progress;
}

interface Streams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean };
}

const MARKS: Readonly<Record<Mark, readonly [sign: string, color: 'green' | 'yellow' | 'red' | 'reset']>> = {
  ok: ['✓', 'green'],
  warn: ['!', 'yellow'],
  fail: ['✗', 'red'],
  none: [' ', 'reset'],
};
/** Between two lines of progress where there is no terminal. */
const LINE_EVERY_MS = 10_000;

export function createOutput(
  { stdout, stderr }: Streams,
  redactor: Redactor,
  { json, quiet = false, color = true }: { json: boolean; quiet?: boolean; color?: boolean },
): Output {
  const sign = (mark: Mark) => {
    const [text, style] = MARKS[mark];
    return color && mark !== 'none' && stderr.isTTY ? styleText(style, text, { stream: stderr as never }) : text;
  };
  const say = (line = '') => {
    if (!quiet) stderr.write(`${redactor.clean(line)}\n`);
  };
  return {
    json,
    answer(data, text) {
      const body = json ? JSON.stringify(data, null, 2) : text.join('\n');
      if (body) stdout.write(`${redactor.clean(body)}\n`);
    },
    say,
    mark: (mark, line) => say(`${sign(mark)} ${line}`),
    progress: (label, unit) =>
      stderr.isTTY && !quiet
        ? barProgress(stderr as NodeJS.WritableStream, label, unit)
        : lineProgress(say, label, unit),
  };
}

function barProgress(stream: NodeJS.WritableStream, label: string, unit: string): Progress {
  const formats = {
    known: `${label} {bar} {percentage}% | {value}/{total} ${unit} | {eta_formatted} left`,
    unknown: `${label} {value} ${unit} | {duration_formatted}`,
  };
  let known = false;
  const bar = new cliProgress.SingleBar({
    stream,
    format: (options, params, payload) =>
      cliProgress.Format.Formatter({ ...options, format: known ? formats.known : formats.unknown }, params, payload),
    barCompleteChar: '█',
    barIncompleteChar: '░',
    hideCursor: true,
    clearOnComplete: true,
  });
  bar.start(0, 0);
  return {
    update(done, total) {
      known = total !== null;
      bar.setTotal(total ?? done);
      bar.update(done);
    },
    end: () => bar.stop(),
  };
}

function lineProgress(say: (line: string) => void, label: string, unit: string): Progress {
  let last = Date.now();
  return {
    update(done, total) {
      if (Date.now() - last < LINE_EVERY_MS) return;
      last = Date.now();
      const of = total === null ? '' : ` of ${total.toLocaleString('en')}`;
      say(`  ${label}: ${done.toLocaleString('en')}${of} ${unit}`);
    },
    end: () => undefined,
  };
}
