import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { DatabaseOptions } from '@labelyard/db';
import { YardError } from '../../cli/yard-error.js';
import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import { clientEnvironment } from './client-environment.js';
import type { ClientPrograms } from './client-programs.js';

export interface DumpRequest {
  readonly programs: ClientPrograms;
  readonly source: DatabaseOptions;
  readonly target: DatabaseOptions;
  /** Of a session that stays open meanwhile. */
  readonly snapshot: string;
  /** Qualified and quoted: their rows stay behind. */
  readonly withoutRows: readonly string[];
  readonly jobs: number;
  readonly maintenanceMemoryMb: number;
  readonly path?: string | undefined;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** The copy by pg_dump and pg_restore: directory format, several tables at a time, settings as measured. */
export async function dumpAndRestore(request: DumpRequest): Promise<void> {
  const { programs, jobs, path, say, signal } = request;
  const folder = await mkdtemp(join(tmpdir(), 'yard-dump-'));
  const source = await clientEnvironment(request.source, path);
  const target = await clientEnvironment(request.target, path, {
    maintenance_work_mem: `${request.maintenanceMemoryMb}MB`,
    synchronous_commit: 'off',
  });
  const dump = join(folder, 'dump');
  const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>>, at: DatabaseOptions) =>
    runProgram(program, args, { env, signal, label: databaseIdentity(at) });
  try {
    say('pg_dump reads the source');
    await run(
      programs.pg_dump,
      [
        '--format=directory',
        '--compress=0',
        `--jobs=${jobs}`,
        `--file=${dump}`,
        `--snapshot=${request.snapshot}`,
        `--exclude-schema=${MOVE_SCHEMA}`,
        ...request.withoutRows.map((table) => `--exclude-table-data=${table}`),
        '--no-owner',
        '--no-acl',
        '--no-publications',
        '--no-subscriptions',
      ],
      source.env,
      request.source,
    );
    const contents = await run(programs.pg_restore, ['--list', dump], source.env, request.source);
    const list = join(folder, 'contents');
    await writeFile(list, withoutMoveTriggers(contents));
    say('pg_restore writes the target');
    await run(
      programs.pg_restore,
      [
        `--jobs=${jobs}`,
        `--use-list=${list}`,
        '--exit-on-error',
        '--no-owner',
        '--no-acl',
        // Without a name it would write to stdout instead; all else about the connection is in the environment.
        `--dbname=${target.env['PGDATABASE'] ?? ''}`,
        dump,
      ],
      target.env,
      request.target,
    );
  } finally {
    await Promise.all([source.dispose(), target.dispose(), rm(folder, { recursive: true, force: true })]);
  }
}

/** The triggers that log changes belong to the source; the schema `public` is there already. */
export function withoutMoveTriggers(contents: string): string {
  return contents
    .split('\n')
    .filter(
      (line) =>
        !/ TRIGGER \S+ .*\blabelyard_move_/u.test(line) && !/ (?:SCHEMA - public|COMMENT - SCHEMA public) /u.test(line),
    )
    .join('\n');
}

interface ProgramOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly label: string;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end and answers its stdout. @throws YardError with the first line it said on stderr */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env, label, signal }: ProgramOptions,
): Promise<string> {
  signal?.throwIfAborted();
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => void child.kill('SIGTERM');
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const [stdout, stderr, code] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)),
    ]);
    signal?.throwIfAborted();
    if (code === 0) return stdout;
    const lines = stderr.trim().split('\n');
    const said = lines.find((line) => /error|FATAL|No space/iu.test(line)) ?? lines[0] ?? `exit code ${code}`;
    throw new YardError(
      /server closed|could not connect|connection to server/u.test(stderr) ? 'unavailable' : 'failed',
      `${label}: ${said}`,
      /No space|disk full/iu.test(stderr)
        ? 'Give it a larger volume, then run the same command again.'
        : 'Remove the cause and run the same command again (what it made in the target is taken away first), or use --method built-in.',
    );
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
