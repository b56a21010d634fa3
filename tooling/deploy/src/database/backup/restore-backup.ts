import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { DatabaseOptions } from '@labelyard/db';
import type { StorageDriver } from '@labelyard/storage';
import { YardError } from '../../cli/yard-error.js';
import { databaseIdentity } from '../../ends/open-ends.js';
import type { StepReport } from '../../steps/step.js';
import { readCatalog } from '../catalog/read-catalog.js';
import { clientEnvironment } from '../copy/client-environment.js';
import { type ClientPrograms, findClientPrograms } from '../copy/client-programs.js';
import { beginCopy, finishCopy, prepareTarget } from '../copy/copy-mark.js';
import { trySchema } from '../copy/try-schema.js';
import { runProgram, withoutMoveTriggers } from '../copy/dump-and-restore.js';
import { type Session, withSession } from '../session.js';
import { ident, shortName } from '../sql-names.js';
import { readArchive } from './archive.js';
import { countRows } from './backup-database.js';
import { type BackupManifest, readManifest } from './backup-store.js';

export interface RestoreOptions {
  readonly id: string;
  readonly bucket: StorageDriver;
  /** Empty. */
  readonly target: DatabaseOptions;
  readonly programs?: ClientPrograms | null;
  readonly report: StepReport;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Fills an empty database from a backup. The backup is fetched and its checksum compared before the database is touched; afterwards the
 * rows of every table are counted.
 *
 * @throws YardError bad_input for a damaged backup or a target that is not empty
 */
export async function restoreBackup(options: RestoreOptions): Promise<BackupManifest> {
  const { bucket, target, report, signal } = options;
  const manifest = await readManifest(bucket, options.id, signal);
  const folder = await mkdtemp(join(tmpdir(), 'yard-restore-'));
  try {
    const file = join(folder, 'archive');
    await fetchArchive(bucket, manifest, file, options);
    await withSession(target, signal, async (session) => {
      await prepareTarget(session, (line) => report.say(line));
      report.say(`restoring ${manifest.id} into ${databaseIdentity(target)}`);
      if (manifest.format === 'yard archive')
        await readArchive(session, createReadStream(file).pipe(createGunzip()), async (catalog) => {
          await trySchema(session, catalog);
          await beginCopy(session, `backup ${manifest.id}`, catalog);
        });
      else await restoreDump(session, manifest, file, folder, options);
      await compareCounts(session, manifest);
      await finishCopy(session, null);
    });
    return manifest;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Proof that a backup can be restored: into a scratch database on the same server, counted, and dropped. */
export async function drillBackup(options: RestoreOptions): Promise<BackupManifest & { readonly seconds: number }> {
  const began = performance.now();
  const scratch = `labelyard_drill_${randomBytes(6).toString('hex')}`;
  const url = new URL(options.target.url);
  url.pathname = `/${scratch}`;
  return withSession(options.target, options.signal, async (session) => {
    await session.run(`create database ${ident(scratch)} template template0`).catch((error: unknown) => {
      if (!(error instanceof YardError) || !/permission denied to create database/u.test(error.message)) throw error;
      throw new YardError(
        error.exit,
        error.message,
        `Let the role make databases (alter role … createdb), or restore into an empty one of your own: yard db restore ${options.id} --into <profile>.`,
        { cause: error },
      );
    });
    try {
      const manifest = await restoreBackup({ ...options, target: { ...options.target, url: url.href } });
      return { ...manifest, seconds: (performance.now() - began) / 1_000 };
    } finally {
      // Also after an interruption, on a connection of its own.
      await withSession(options.target, undefined, (last) =>
        last.run(`drop database if exists ${ident(scratch)} with (force)`),
      );
    }
  });
}

async function fetchArchive(
  bucket: StorageDriver,
  manifest: BackupManifest,
  file: string,
  { report, signal }: RestoreOptions,
): Promise<void> {
  const { body } = await bucket.get(manifest.archive_key, { signal });
  const hash = createHash('sha256');
  let size = 0;
  const counted = async function* () {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      hash.update(chunk);
      size += chunk.length;
      report.progress(Math.round(size / 1e6), Math.round(manifest.size_bytes / 1e6), 'MB');
      yield chunk;
    }
  };
  await pipeline(counted, createWriteStream(file, { mode: 0o600 }));
  const sha256 = hash.digest('hex');
  if (size === manifest.size_bytes && sha256 === manifest.sha256) return;
  const how =
    size === manifest.size_bytes
      ? `its SHA-256 is ${sha256.slice(0, 12)}…, not ${manifest.sha256.slice(0, 12)}…`
      : `it has ${size} bytes, not ${manifest.size_bytes}`;
  throw new YardError(
    'bad_input',
    `The backup "${manifest.id}" is damaged: ${how}. Nothing was restored.`,
    'Use another one: yard db backups lists them.',
  );
}

async function restoreDump(
  session: Session,
  manifest: BackupManifest,
  file: string,
  folder: string,
  { target, signal, programs: given }: RestoreOptions,
): Promise<void> {
  const programs = given === undefined ? await findClientPrograms() : given;
  const needed = Number(/\) (\d+)/u.exec(manifest.tool)?.[1] ?? 0);
  if (!programs || programs.major < needed)
    throw new YardError(
      'bad_input',
      `The backup "${manifest.id}" was written by ${manifest.tool}; ${programs ? `${programs.version} cannot read it` : 'pg_restore is not on PATH'}.`,
      `Install the Postgres client ${needed} or newer, then run the same command again.`,
    );
  const { env, dispose } = await clientEnvironment(target, undefined, { synchronous_commit: 'off' });
  const label = databaseIdentity(target);
  try {
    const contents = await runProgram(programs.pg_restore, ['--list', file], { env, label, signal });
    const list = join(folder, 'contents');
    await writeFile(list, withoutMoveTriggers(contents));
    await beginCopy(session, `backup ${manifest.id}`, { tables: [], sequences: [], objects: [], schemas: [] });
    await runProgram(
      programs.pg_restore,
      ['--exit-on-error', '--no-owner', '--no-acl', `--use-list=${list}`, `--dbname=${env['PGDATABASE'] ?? ''}`, file],
      { env, label, signal },
    );
  } finally {
    await dispose();
  }
}

async function compareCounts(session: Session, manifest: BackupManifest): Promise<void> {
  const { tables } = await readCatalog(session);
  const wanted = new Map(manifest.tables.map(({ table, rows }) => [table, rows]));
  const counted = await countRows(
    session,
    tables.filter((table) => wanted.has(shortName(table))),
  );
  const found = new Map(counted.map(({ table, rows }) => [table, rows]));
  const wrong = manifest.tables.filter(({ table, rows }) => found.get(table) !== rows);
  if (wrong.length === 0) return;
  throw new YardError(
    'failed',
    `The backup "${manifest.id}" restored other numbers of rows than it was made with: ${wrong
      .slice(0, 5)
      .map(({ table, rows }) => `${table} ${found.get(table) ?? 'missing'} instead of ${rows}`)
      .join(', ')}.`,
    'Do not rely on it: make a new one with yard db backup, and report this.',
  );
}
