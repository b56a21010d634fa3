import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { DatabaseOptions } from '@labelyard/db';
import type { StorageDriver } from '@labelyard/storage';
import { YardError } from '../../cli/yard-error.js';
import { type DatabaseName, databaseIdentity } from '../../ends/open-ends.js';
import type { StepReport } from '../../steps/step.js';
import { MOVE_SCHEMA } from '../catalog/catalog-sql.js';
import { type DatabaseCatalog, majorVersion, type TableShape } from '../catalog/database-catalog.js';
import { readCatalog } from '../catalog/read-catalog.js';
import { clientEnvironment } from '../copy/client-environment.js';
import { type ClientPrograms, findClientPrograms } from '../copy/client-programs.js';
import { type Session, withSession } from '../session.js';
import { literal, qualified, shortName } from '../sql-names.js';
import { writeArchive } from './archive.js';
import { backupKeys, type BackupManifest, deleteBackup, listBackups, writeManifest } from './backup-store.js';
import { onlyTables } from './critical-tables.js';
import { applyRetention } from './retention.js';

export interface BackupOptions {
  readonly database: DatabaseOptions;
  readonly name: DatabaseName;
  readonly kind: BackupManifest['kind'];
  /** The annotations bucket. */
  readonly bucket: StorageDriver;
  readonly passing: ReadonlySet<string>;
  /** Looked up on PATH by default; null: there are none. */
  readonly programs?: ClientPrograms | null;
  readonly report: StepReport;
  readonly signal?: AbortSignal | undefined;
  readonly now?: Date;
}

/**
 * Writes a database as of one moment into the bucket, as a stream: nothing is kept on this machine, and nothing is visible in the bucket
 * before it is whole. Afterwards takes away the backups that retention lets go.
 */
export async function backupDatabase(options: BackupOptions): Promise<{ made: BackupManifest; dropped: string[] }> {
  const { database, name, kind, bucket, passing, report, signal, now = new Date() } = options;
  const made = await withSession(database, signal, async (session) => {
    await session.run('begin isolation level repeatable read read only');
    const whole = await readCatalog(session);
    const catalog = kind === 'critical' ? onlyTables(whole) : whole;
    const kept = catalog.tables.filter((table) => !passing.has(shortName(table)));
    const tables = await countRows(session, kept);
    const programs = options.programs === undefined ? await findClientPrograms() : options.programs;
    const { format, tool, body } = await writer(options, session, catalog, programs);
    report.say(`${tool}: ${kept.length} tables of ${databaseIdentity(database)}`);
    const { id, archive_key } = backupKeys(name, now.toISOString(), kind);
    const hash = createHash('sha256');
    let size_bytes = 0;
    const counted = async function* () {
      for await (const chunk of body) {
        hash.update(chunk);
        size_bytes += chunk.length;
        report.progress(Math.round(size_bytes / 1e6), null, 'MB');
        yield chunk;
      }
    };
    await bucket.put(archive_key, counted(), { content_type: 'application/octet-stream', ...(signal && { signal }) });
    const body_sha256 = hash.digest('hex');
    const manifest: BackupManifest = {
      ...{ id, database: name, kind, made_at: now.toISOString(), source: databaseIdentity(database) },
      ...{ server_version: catalog.server_version, format, tool, archive_key, size_bytes, sha256: body_sha256, tables },
    };
    await writeManifest(bucket, manifest);
    return manifest;
  });
  return { made, dropped: await applyToBucket(bucket, made) };
}

/** Backups of one database and kind stand in one row. */
async function applyToBucket(bucket: StorageDriver, { database, kind }: BackupManifest): Promise<string[]> {
  const alike = (await listBackups(bucket)).filter((backup) => backup.database === database && backup.kind === kind);
  const { drop } = applyRetention(alike);
  for (const backup of drop) await deleteBackup(bucket, backup);
  return drop.map(({ id }) => id);
}

export async function countRows(
  session: Session,
  tables: readonly TableShape[],
): Promise<{ table: string; rows: number }[]> {
  if (tables.length === 0) return [];
  const rows = await session.rows<{ table: string; rows: string }>(
    tables
      .map((table) => `select ${literal(shortName(table))} as table, count(*) as rows from only ${qualified(table)}`)
      .join(' union all '),
  );
  return rows.map((row) => ({ table: row.table, rows: Number(row.rows) }));
}

interface Writer {
  readonly format: BackupManifest['format'];
  readonly tool: string;
  readonly body: AsyncIterable<Buffer>;
}

async function writer(
  { database, kind, passing, signal }: BackupOptions,
  session: Session,
  catalog: DatabaseCatalog,
  programs: ClientPrograms | null,
): Promise<Writer> {
  const isPassing = (table: TableShape) => passing.has(shortName(table));
  const why =
    kind === 'critical'
      ? 'a part of the database'
      : programs === null
        ? 'pg_dump is not on PATH'
        : programs.major < majorVersion(catalog)
          ? `pg_dump is ${programs.major}, older than the server`
          : database.tls?.mode === 'pin'
            ? 'pg_dump cannot check a pinned certificate'
            : null;
  if (why === null && programs) {
    const { snapshot } = await session.one<{ snapshot: string }>('select pg_export_snapshot() as snapshot');
    const without = catalog.tables.filter(isPassing).map(qualified);
    return {
      format: 'pg_dump custom',
      tool: programs.version,
      body: dumped(programs, database, snapshot, without, signal),
    };
  }
  if (catalog.unusual.length > 0)
    throw new YardError(
      'bad_input',
      `${databaseIdentity(database)} has what only pg_dump can back up: ${catalog.unusual.join(', ')} (${why}).`,
      'Install pg_dump of the server’s major version, then run the same command again.',
    );
  const archive = Readable.from(writeArchive(session, catalog, isPassing), { objectMode: true });
  return { format: 'yard archive', tool: `yard archive 1 (${why})`, body: gzipped(archive) };
}

async function* gzipped(bytes: Readable): AsyncGenerator<Buffer> {
  const gzip = createGzip({ level: 4 });
  bytes.on('error', (error) => gzip.destroy(error));
  for await (const chunk of bytes.pipe(gzip)) yield chunk as Buffer;
}

/** What pg_dump writes; ends in an error when it does, so that half a dump is never taken for one. */
async function* dumped(
  programs: ClientPrograms,
  database: DatabaseOptions,
  snapshot: string,
  withoutRows: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Buffer> {
  const { env, dispose } = await clientEnvironment(database, undefined);
  try {
    const args = [
      '--format=custom',
      `--snapshot=${snapshot}`,
      `--exclude-schema=${MOVE_SCHEMA}`,
      '--no-owner',
      '--no-acl',
    ];
    const child = spawn(programs.pg_dump, [...args, ...withoutRows.map((table) => `--exclude-table-data=${table}`)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    });
    const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
    exit.catch(() => undefined);
    const said = text(child.stderr);
    for await (const chunk of child.stdout) yield chunk as Buffer;
    if ((await exit) === 0) return;
    throw new YardError(
      'failed',
      `${databaseIdentity(database)}: ${(await said).trim().split('\n')[0]}`,
      'Remove the cause and run the same command again; nothing was stored.',
    );
  } finally {
    await dispose();
  }
}
