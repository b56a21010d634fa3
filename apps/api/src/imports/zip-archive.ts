import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { UnreadableFile } from '@labelyard/formats';
import { fromFdPromise, getFileNameLowLevel, type Entry, type ZipFile } from 'yauzl';

/** What an archive may hold, so that a small file cannot become endless work. */
export interface ZipLimits {
  readonly max_entries: number;
  /** Of all entries together, unpacked. */
  readonly max_unpacked_bytes: number;
}

export interface ZipEntry {
  /** As the archive says it, `\` turned to `/`. Not checked. */
  readonly path: string;
  readonly size_bytes: number;
  /** Why it cannot be read, or null. */
  readonly problem: EntryProblem | null;
  /** The bytes, checked: as many as promised, with the promised checksum. Throws UnreadableFile. */
  readonly chunks: () => AsyncGenerator<Uint8Array>;
}

export interface EntryProblem {
  readonly code: 'bad_archive' | 'too_large' | 'unsafe_path';
  readonly message: string;
}

/** What deflate makes of real labels and pictures stays far below; only bombs are above. */
const BOMB_RATIO = 250;
const BOMB_FROM_BYTES = 64 * 1024 * 1024;
/** A local header before its name and extra fields. */
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
/** What Unix says of a symbolic link, in the upper half of the attributes. */
const KIND = 0o170000;
const LINK = 0o120000;

/**
 * Lists the entries of an archive. Folders are left out. Throws UnreadableFile for what is no whole archive, or one that holds more
 * than allowed. The file stays the caller's to close.
 */
export async function readDirectory(file: FileHandle, limits: ZipLimits): Promise<ZipEntry[]> {
  // Names are looked at one by one here: one bad name must not cost the others.
  const zip = await understood(fromFdPromise(file.fd, { autoClose: false, decodeStrings: false }));
  if (zip.entryCount > limits.max_entries) {
    throw new UnreadableFile('too_large', `The archive holds ${zip.entryCount} files; at most ${limits.max_entries} are read`); // prettier-ignore
  }
  const found: { readonly path: string; readonly entry: Entry }[] = [];
  let unpacked = 0;
  const walk = zip.eachEntry();
  for (let next = await understood(walk.next()); !next.done; next = await understood(walk.next())) {
    const entry = next.value;
    const path = nameOf(entry);
    if (path.endsWith('/')) continue;
    unpacked += entry.uncompressedSize;
    if (unpacked > limits.max_unpacked_bytes) {
      throw new UnreadableFile('too_large', `The archive unpacks to more than ${limits.max_unpacked_bytes} bytes`);
    }
    found.push({ path, entry });
  }
  refuseOverlaps(found);
  return found.map(({ path, entry }) => ({
    path,
    size_bytes: entry.uncompressedSize,
    problem: problemOf(path, entry),
    chunks: () => chunksOf(zip, entry),
  }));
}

/** Names are UTF-8 whether flagged or not; what is not, comes from old Windows programs. */
function nameOf({ fileNameRaw, generalPurposeBitFlag, extraFields }: Entry): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fileNameRaw).replaceAll('\\', '/');
  } catch {
    return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
  }
}

/** Entries that share bytes unpack the same bytes again and again. */
function refuseOverlaps(found: readonly { readonly path: string; readonly entry: Entry }[]): void {
  let end = 0;
  let before = '';
  const start = ({ entry }: { entry: Entry }) => entry.relativeOffsetOfLocalHeader;
  for (const { path, entry } of found.toSorted((a, b) => start(a) - start(b))) {
    if (entry.relativeOffsetOfLocalHeader < end) {
      throw new UnreadableFile('bad_archive', `"${before}" and "${path}" share their bytes: the archive is a zip bomb`);
    }
    before = path;
    end = entry.relativeOffsetOfLocalHeader + LOCAL_BYTES + entry.compressedSize;
  }
}

function problemOf(path: string, entry: Entry): EntryProblem | null {
  const problem = (code: EntryProblem['code'], message: string): EntryProblem => ({ code, message });
  const { uncompressedSize, compressedSize, compressionMethod, externalFileAttributes } = entry;
  if (path.startsWith('/') || /^[a-z]:/iu.test(path) || path.split('/').includes('..') || path.includes('\0')) {
    return problem('unsafe_path', 'The path leads out of the archive; the file was left out');
  }
  if (((externalFileAttributes >>> 16) & KIND) === LINK) {
    return problem('unsafe_path', 'A symbolic link; it was left out');
  }
  if (entry.isEncrypted()) {
    return problem('bad_archive', 'The file is encrypted; make an archive without a password');
  }
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) {
    return problem(
      'bad_archive',
      `The file is packed by method ${compressionMethod}; only stored and deflated files are read`,
    );
  }
  const ratio = uncompressedSize / Math.max(1, compressedSize);
  if (uncompressedSize > BOMB_FROM_BYTES && ratio > BOMB_RATIO) {
    return problem('too_large', `The file unpacks to ${Math.round(ratio)} times its size: a zip bomb`);
  }
  return null;
}

async function* chunksOf(zip: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  const unpacked = await understood(zip.openReadStreamPromise(entry));
  let crc = 0;
  const chunks: AsyncIterator<Buffer> = unpacked[Symbol.asyncIterator]();
  try {
    for (let next = await understood(chunks.next()); !next.done; next = await understood(chunks.next())) {
      crc = crc32(next.value, crc);
      yield next.value;
    }
  } finally {
    unpacked.destroy();
  }
  if (crc !== entry.crc32) {
    throw new UnreadableFile('bad_archive', 'The file is damaged: its checksum in the archive is another');
  }
}

/** What yauzl and zlib say of a broken archive, in words for people. Faults of the disk stay what they are. */
async function understood<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading;
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException;
    if (code !== undefined && !code.startsWith('Z_')) throw error;
    if (/end of central directory|unexpected EOF/iu.test(message)) {
      throw new UnreadableFile(
        'truncated',
        'The end of the zip archive is missing: it was cut short. Make or send it again',
      );
    }
    throw new UnreadableFile('bad_archive', `The zip archive is damaged (${message}). Make or send it again`);
  }
}
