import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ImportRow, LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { UnreadableFile, type ImportFile, type ImportIssue } from '@labelyard/formats';
import { ObjectChanged, ObjectNotFound, type StorageDriver } from '@labelyard/storage';
import { spool, type SpooledFile } from '../images/spooled-file.js';
import { readDirectory, type ZipLimits } from './zip-archive.js';

/** Objects in the storage that an import is made of, as its row keeps them. */
export interface StagedObjects {
  readonly objects: readonly { readonly path: string; readonly key: string; readonly size_bytes: number }[];
}

export interface SourceFile extends ImportFile {
  readonly size_bytes: number;
  /** The object of the datasets bucket that its bytes are by themselves, as it was listed: its URL takes others still. */
  readonly object: { readonly key: string; readonly etag: string } | null;
}

/** The files of an import, unpacked as they are read. Disposing removes what was spooled. */
export interface ImportSource extends AsyncDisposable {
  readonly files: readonly SourceFile[];
  readonly issues: readonly ImportIssue[];
  /** Of everything together: the same files have the same. */
  readonly sha256: string;
  readonly bytes: number;
  /** Bytes of files that were read so far. */
  readBytes(): number;
}

export interface SourceOptions {
  readonly storage: StorageDriver;
  readonly folder: string;
  readonly max_bytes: number;
  readonly limits: ZipLimits;
  readonly signal: AbortSignal;
}

/** Elements of a file that are in memory at once lie in one such piece. */
const READ_AT_ONCE = 64 * 1024;
const ZIP = Buffer.from('PK');
/** What programs leave in archives and folders and nobody means. */
const RUBBISH = /(?:^|\/)(?:__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/iu;

/** What an import is made of, and the storage it lies in. Throws not_found when the upload has expired. */
export async function stagedObjects(
  db: LabelerDb,
  row: ImportRow,
): Promise<StagedObjects & { readonly from: 'datasets' | 'annotations' }> {
  const { upload_id, key, bytes, name } = row.source as { upload_id?: number; key?: string; bytes: number; name: string }; // prettier-ignore
  if (key !== undefined) return { from: 'annotations', objects: [{ path: name, key, size_bytes: bytes }] };
  const found = await db.uploads.get(upload_id ?? 0);
  if (!found || found.upload.status === 'expired') throw filesGone();
  const objects = found.files.flatMap(({ path, storage_key, size_bytes, status }) =>
    status === 'completed' && storage_key ? [{ path, key: storage_key, size_bytes }] : [],
  );
  return { from: 'datasets', objects };
}

export function filesGone(): DomainError {
  return new DomainError('not_found', 'The uploaded files are gone: they are kept for three days. Upload them again');
}

/** Throws UnreadableFile when there is nothing to read, ObjectNotFound when the staged files are gone. */
export async function openSource(staged: StagedObjects, options: SourceOptions): Promise<ImportSource> {
  const [only] = staged.objects;
  if (!only) throw new UnreadableFile('missing_file', 'The upload holds no file');
  if (staged.objects.length > 1) return folderSource(staged, options);
  const { storage, folder, max_bytes, signal } = options;
  const object = await storage.get(only.key, { signal });
  const spooled = await spool(object.body, { folder, max_bytes, signal });
  if (!spooled) throw new UnreadableFile('too_large', `The file is larger than ${max_bytes} bytes`);
  const handle = await open(spooled.path, 'r');
  const meter = { bytes: 0 };
  const dispose = async () => {
    await handle.close();
    await spooled[Symbol.asyncDispose]();
  };
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    const found = buffer.equals(ZIP)
      ? await archiveFiles(handle, options.limits, meter)
      : { files: [plainFile(only.path, spooled, meter)], issues: [] };
    refuseOtherArchives(only.path, found.files);
    return {
      ...found,
      sha256: spooled.sha256,
      bytes: spooled.size_bytes,
      readBytes: () => meter.bytes,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function refuseOtherArchives(path: string, files: readonly SourceFile[]): void {
  const ending = /\.(?:tar|tgz|gz|bz2|xz|7z|rar|zst)$/iu.exec(path)?.[0];
  if (ending && files.length === 1)
    throw new UnreadableFile('wrong_format', `${ending} archives are not read: pack the files as .zip`);
}

async function archiveFiles(handle: FileHandle, limits: ZipLimits, meter: { bytes: number }) {
  const issues: ImportIssue[] = [];
  const files: SourceFile[] = [];
  const seen = new Set<string>();
  for (const entry of await readDirectory(handle, limits)) {
    if (RUBBISH.test(entry.path)) continue;
    const shown = entry.path.toWellFormed().replaceAll('\0', '�').slice(0, 500);
    const problem =
      entry.problem ??
      (seen.has(entry.path)
        ? { code: 'duplicate_file' as const, message: 'The archive holds this name twice; the first one counts' }
        : null);
    if (problem) {
      issues.push({ severity: 'error', file: shown, ...problem });
      continue;
    }
    seen.add(entry.path);
    files.push({
      path: entry.path,
      size_bytes: entry.size_bytes,
      object: null,
      chunks: () => counted(entry.chunks(), meter),
    });
  }
  if (files.length === 0 && issues.length === 0) throw new UnreadableFile('missing_file', 'The archive holds no files');
  return { files, issues };
}

function plainFile(path: string, { path: local, size_bytes }: SpooledFile, meter: { bytes: number }): SourceFile {
  return {
    path,
    size_bytes,
    object: null,
    chunks: () => counted(createReadStream(local, { highWaterMark: READ_AT_ONCE }), meter),
  };
}

/** Files that were uploaded one by one; each is fetched when it is read. */
async function folderSource({ objects }: StagedObjects, { storage, signal }: SourceOptions): Promise<ImportSource> {
  const meter = { bytes: 0 };
  const hash = createHash('sha256');
  const prefix = objects[0]?.key.slice(0, objects[0].key.lastIndexOf('/') + 1) ?? '';
  const etags = new Map<string, string>();
  for await (const { key, etag } of storage.list(prefix, { signal })) etags.set(key, etag);
  const files: SourceFile[] = [];
  for (const { path, key, size_bytes } of objects) {
    const etag = etags.get(key);
    if (etag === undefined) throw new ObjectNotFound(key);
    hash.update(`${path}\0${size_bytes}\0${etag}\n`);
    if (RUBBISH.test(path)) continue;
    const object = { key, etag };
    files.push({ path, size_bytes, object, chunks: () => counted(fetched(storage, object, signal), meter) });
  }
  return {
    files,
    issues: [],
    sha256: hash.digest('hex'),
    bytes: objects.reduce((sum, { size_bytes }) => sum + size_bytes, 0),
    readBytes: () => meter.bytes,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function* fetched(
  storage: StorageDriver,
  { key, etag }: { readonly key: string; readonly etag: string },
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const object = await storage.get(key, { signal });
  if (object.etag !== etag) {
    object.body.destroy();
    throw new ObjectChanged(`${key} was replaced while it was read`);
  }
  yield* object.body as AsyncIterable<Uint8Array>;
}

async function* counted(chunks: AsyncIterable<Uint8Array>, meter: { bytes: number }): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    meter.bytes += chunk.length;
    yield chunk;
  }
}

export function readableOf(file: SourceFile): Readable {
  return Readable.from(file.chunks());
}
