import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { UnreadableFile } from '@labelyard/formats';

// APPNOTE.TXT 6.3.10 (pkware.com), as far as archives with labels and pictures use it: stored and deflated entries, ZIP64.

const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCAL_BYTES = 30;
const READ_BYTES = 256 * 1024;

/** What an archive may hold, so that a small file cannot become endless work. */
export interface ZipLimits {
  readonly max_entries: number;
  /** Of all entries together, unpacked. */
  readonly max_unpacked_bytes: number;
}

/** The directory is kept in memory. */
const MAX_DIRECTORY_BYTES = 128 * 1024 * 1024;
/** What deflate makes of real labels and pictures stays far below; only bombs are above. */
const BOMB_RATIO = 250;
const BOMB_FROM_BYTES = 64 * 1024 * 1024;

export interface ZipEntry {
  /** As the archive says it, `\` turned to `/`. Not checked. */
  readonly path: string;
  readonly size_bytes: number;
  readonly packed_bytes: number;
  readonly crc: number;
  readonly method: number;
  readonly encrypted: boolean;
  readonly link: boolean;
  readonly offset: number;
}

/** Lists the entries of an archive. Folders are left out. Throws UnreadableFile for what is no whole archive. */
export async function readDirectory(file: FileHandle, limits: ZipLimits): Promise<ZipEntry[]> {
  const { size } = await file.stat();
  const { count, offset, bytes } = await findDirectory(file, size);
  if (count > limits.max_entries) {
    throw new UnreadableFile('too_large', `The archive holds ${count} files; at most ${limits.max_entries} are read`);
  }
  if (bytes > MAX_DIRECTORY_BYTES) throw new UnreadableFile('too_large', 'The directory of the archive is too large');
  if (offset + bytes > size) throw truncated();
  const directory = await readAt(file, offset, bytes);
  const entries: ZipEntry[] = [];
  let at = 0;
  let unpacked = 0;
  for (let n = 0; n < count; n += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== ENTRY) {
      throw new UnreadableFile('bad_archive', `Entry ${n + 1} of the archive’s directory is damaged`);
    }
    const name_bytes = directory.readUInt16LE(at + 28);
    const extra_bytes = directory.readUInt16LE(at + 30);
    const end = at + 46 + name_bytes + extra_bytes + directory.readUInt16LE(at + 32);
    if (end > directory.length) throw truncated();
    const entry = entryAt(directory, at, name_bytes, extra_bytes);
    at = end;
    if (entry.path.endsWith('/')) continue;
    unpacked += entry.size_bytes;
    if (unpacked > limits.max_unpacked_bytes) {
      throw new UnreadableFile('too_large', `The archive unpacks to more than ${limits.max_unpacked_bytes} bytes`);
    }
    entries.push(entry);
  }
  refuseOverlaps(entries);
  return entries;
}

function entryAt(directory: Buffer, at: number, name_bytes: number, extra_bytes: number): ZipEntry {
  const flags = directory.readUInt16LE(at + 8);
  const name = directory.subarray(at + 46, at + 46 + name_bytes);
  const mode = directory.readUInt32LE(at + 38) >>> 16;
  const extra = directory.subarray(at + 46 + name_bytes, at + 46 + name_bytes + extra_bytes);
  const [size_bytes, packed_bytes, offset] = large(extra, [
    directory.readUInt32LE(at + 24),
    directory.readUInt32LE(at + 20),
    directory.readUInt32LE(at + 42),
  ]);
  return {
    path: nameOf(name).replaceAll('\\', '/'),
    size_bytes,
    packed_bytes,
    offset,
    crc: directory.readUInt32LE(at + 16),
    method: directory.readUInt16LE(at + 10),
    encrypted: (flags & 1) !== 0,
    link: (mode & 0o170000) === 0o120000,
  };
}

/** Names are UTF-8 whether flagged or not; what is not, comes from old Windows programs. */
function nameOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString('latin1');
  }
}

/** Values of ZIP64's extra field in place of those that did not fit, in their fixed order. */
function large(extra: Buffer, values: [number, number, number]): [number, number, number] {
  if (!values.includes(0xffffffff)) return values;
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue;
    let next = at + 4;
    return values.map((value) => {
      if (value !== 0xffffffff) return value;
      if (next + 8 > extra.length) throw new UnreadableFile('bad_archive', 'A ZIP64 field of the archive is damaged');
      next += 8;
      return Number(extra.readBigUInt64LE(next - 8));
    }) as [number, number, number];
  }
  throw new UnreadableFile('bad_archive', 'A ZIP64 field of the archive is missing');
}

async function findDirectory(file: FileHandle, size: number) {
  const tail_bytes = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = await readAt(file, size - tail_bytes, tail_bytes);
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END) continue;
    const place = {
      count: tail.readUInt16LE(at + 10),
      bytes: tail.readUInt32LE(at + 12),
      offset: tail.readUInt32LE(at + 16),
    };
    if (at < 20 || tail.readUInt32LE(at - 20) !== END_64_LOCATOR) return place;
    const end = await readAt(file, Number(tail.readBigUInt64LE(at - 12)), 56);
    if (end.length < 56 || end.readUInt32LE(0) !== END_64) throw truncated();
    return {
      count: Number(end.readBigUInt64LE(32)),
      bytes: Number(end.readBigUInt64LE(40)),
      offset: Number(end.readBigUInt64LE(48)),
    };
  }
  throw truncated();
}

function truncated(): UnreadableFile {
  return new UnreadableFile(
    'truncated',
    'The end of the zip archive is missing: it was cut short. Make or send it again',
  );
}

/** Entries that share bytes unpack the same bytes again and again. */
function refuseOverlaps(entries: readonly ZipEntry[]): void {
  let end = 0;
  let before: ZipEntry | null = null;
  for (const entry of entries.toSorted((a, b) => a.offset - b.offset)) {
    if (before && entry.offset < end) {
      throw new UnreadableFile(
        'bad_archive',
        `"${before.path}" and "${entry.path}" share their bytes: the archive is a zip bomb`,
      );
    }
    before = entry;
    end = entry.offset + LOCAL_BYTES + entry.packed_bytes;
  }
}

/** Why an entry cannot be read, or null. */
export function entryProblem({ path, size_bytes, packed_bytes, method, encrypted, link }: ZipEntry) {
  const problem = (code: 'bad_archive' | 'too_large' | 'unsafe_path', message: string) => ({ code, message });
  if (path.startsWith('/') || /^[a-z]:/iu.test(path) || path.split('/').includes('..') || path.includes('\0')) {
    return problem('unsafe_path', 'The path leads out of the archive; the file was left out');
  }
  if (link) return problem('unsafe_path', 'A symbolic link; it was left out');
  if (encrypted) return problem('bad_archive', 'The file is encrypted; make an archive without a password');
  if (method !== 0 && method !== 8) {
    return problem('bad_archive', `The file is packed by method ${method}; only stored and deflated files are read`);
  }
  if (size_bytes > BOMB_FROM_BYTES && size_bytes / Math.max(1, packed_bytes) > BOMB_RATIO) {
    return problem(
      'too_large',
      `The file unpacks to ${Math.round(size_bytes / packed_bytes)} times its size: a zip bomb`,
    );
  }
  return null;
}

/** The bytes of an entry, checked: as many as promised, with the promised checksum. */
export async function* entryChunks(file: FileHandle, entry: ZipEntry): AsyncGenerator<Uint8Array> {
  const head = await readAt(file, entry.offset, LOCAL_BYTES);
  if (head.length < LOCAL_BYTES || head.readUInt32LE(0) !== LOCAL) {
    throw new UnreadableFile('bad_archive', 'The file is not where the archive says');
  }
  const start = entry.offset + LOCAL_BYTES + head.readUInt16LE(26) + head.readUInt16LE(28);
  const packed = Readable.from(slices(file, start, entry.packed_bytes));
  const unpacked = entry.method === 0 ? packed : packed.pipe(createInflateRaw({ chunkSize: READ_BYTES }));
  packed.on('error', (error) => unpacked.destroy(error));
  let size = 0;
  let crc = 0;
  try {
    for await (const chunk of unpacked as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > entry.size_bytes) throw damaged();
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    // Errors of zlib are plain errors with a code.
    throw (error as { code?: string }).code?.startsWith('Z_') ? damaged() : error;
  } finally {
    unpacked.destroy();
    packed.destroy();
  }
  if (size !== entry.size_bytes || crc !== entry.crc) throw damaged();
}

function damaged(): UnreadableFile {
  return new UnreadableFile('bad_archive', 'The file is damaged: its checksum in the archive is another');
}

async function* slices(file: FileHandle, start: number, bytes: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < bytes;) {
    const slice = await readAt(file, start + done, Math.min(READ_BYTES, bytes - done));
    if (slice.length === 0) throw truncated();
    done += slice.length;
    yield slice;
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, length));
  let done = 0;
  while (done < buffer.length) {
    const { bytesRead } = await file.read(buffer, done, buffer.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
