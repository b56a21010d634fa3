import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../src/cli/command.js';
import { run } from '../src/cli/run.js';
import { COMMANDS } from '../src/commands/all-commands.js';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The answer of a command run with --json. */
  json<T>(): T;
}

/** Runs one command line in this process, as `yard` would. */
export async function runYard(
  argv: readonly string[],
  options: { cwd: string; commands?: readonly Command[]; signal?: AbortSignal },
): Promise<Ran> {
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) =>
    ({ write: (text: string) => void (written[name] += text) }) as unknown as NodeJS.WritableStream;
  const code = await run({
    commands: options.commands ?? COMMANDS,
    argv,
    cwd: options.cwd,
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    signal: options.signal ?? new AbortController().signal,
  });
  return { code, ...written, json: <T>() => JSON.parse(written.stdout) as T };
}

/** An empty folder for one test, removed after it. */
export function temporaryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'yard-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
