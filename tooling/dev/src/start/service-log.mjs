// A service's output goes to a file that cannot grow without end; only what a person should see reaches the terminal.
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

const MAX_BYTES = 10 * 1024 * 1024;
const KEPT = 3;
const WINDOW_MS = 10_000;
const LINES_PER_WINDOW = 8;
const WARN = 40;
const LEVEL_NAMES = new Map(Object.entries({ trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60 }));

/**
 * Renames `file` to `file.1`, `file.1` to `file.2` … when it has grown too large.
 *
 * @param {string} file
 * @param {{ maxBytes?: number, kept?: number }} [options]
 */
export function rotate(file, { maxBytes = MAX_BYTES, kept = KEPT } = {}) {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < maxBytes) return;
  for (let index = kept - 1; index >= 1; index -= 1) {
    if (existsSync(`${file}.${index}`)) renameSync(`${file}.${index}`, `${file}.${index + 1}`);
  }
  renameSync(file, `${file}.1`);
}

/**
 * What a line of output is worth to the person at the terminal.
 *
 * @param {string} line
 * @param {'stdout' | 'stderr'} stream
 * @returns {string | undefined} undefined = it stays in the log
 */
export function condense(line, stream) {
  if (!line.trim()) return undefined;
  if (line.startsWith('{')) {
    try {
      const entry = JSON.parse(line);
      const level = typeof entry.level === 'number' ? entry.level : (LEVEL_NAMES.get(entry.level) ?? 0);
      if (level < WARN) return undefined;
      const cause = entry.err?.message ?? entry.error?.message;
      return [entry.msg ?? entry.message, cause].filter(Boolean).join(': ').slice(0, 300) || undefined;
    } catch {
      // Not a log entry after all.
    }
  }
  if (stream === 'stdout' || /^\s+at /.test(line) || /^\s*[{}[\]]/.test(line)) return undefined;
  return line.trim().slice(0, 300);
}

/**
 * @param {{ name: string, file: string, say: (line: string) => void }} options
 * @returns {{ follow: (stream: import('node:stream').Readable, kind: 'stdout' | 'stderr') => void, note: (line: string) => void }}
 */
export function createServiceLog({ name, file, say }) {
  mkdirSync(dirname(file), { recursive: true });
  rotate(file);
  const speak = throttled(say, name, file);
  let written = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const write = (/** @type {string} */ text) => {
    appendFileSync(file, text, { mode: 0o600 });
    written += Buffer.byteLength(text);
    if (written < MAX_BYTES) return;
    rotate(file);
    written = 0;
  };
  return {
    follow(stream, kind) {
      let rest = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk) => {
        write(chunk);
        const lines = (rest + chunk).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          const words = condense(line, kind);
          if (words) speak(words);
        }
      });
      stream.on('error', () => {});
    },
    note: (line) => write(`--- ${new Date().toISOString()} ${line}\n`),
  };
}

/**
 * The same words once per window, and only so many lines at all: an outage must not flood the terminal.
 *
 * @param {(line: string) => void} say
 * @param {string} name
 * @param {string} file
 * @param {() => number} [now]
 */
export function throttled(say, name, file, now = Date.now) {
  /** @type {Set<string>} */
  let seen = new Set();
  let windowStart = Number.NEGATIVE_INFINITY;
  return (/** @type {string} */ words) => {
    if (now() - windowStart > WINDOW_MS) {
      windowStart = now();
      seen = new Set();
    }
    if (seen.has(words) || seen.size > LINES_PER_WINDOW) return;
    seen.add(words);
    say(seen.size > LINES_PER_WINDOW ? `${name}: more of this in ${file}` : `${name}: ${words}`);
  };
}
