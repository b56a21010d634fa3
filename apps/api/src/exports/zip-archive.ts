import type { FileChunks } from '@labelyard/formats';
import { crc32 } from 'node:zlib';
import { borrowMemory, giveBackMemory } from './borrowed-memory.js';

export interface ArchiveEntry {
  /** Relative, forward slashes. */
  readonly path: string;
  /** What is in memory already, or pieces that are walked once, before the next entry is asked for. Text is UTF-8. */
  readonly content: string | Uint8Array | FileChunks;
}

/** Bytes given out at a time. */
const CHUNK = 256 * 1024;
/** Room behind them, so that whatever is small need not be asked whether it fits. */
const MARGIN = 128 * 1024;
/** Entries of one piece up to this size are written in place: of label files there are hundreds of thousands. */
const SMALL = 32 * 1024;
/** The directory grows by pieces of this size. */
const DIRECTORY_PIECE = 8 * 1024 * 1024;
/** UTF-8 of a UTF-16 unit. */
const MOST_BYTES_PER_UNIT = 3;
/** Entries up to this size get a header that tells size and checksum; those of larger ones stand behind them. */
const HELD = 1024 * 1024;

/** 1 January 1980, midnight: the first day a zip file knows. */
const DATE = 0x0021;
const UTF8 = 0x0800;
const SIZES_FOLLOW = 0x0008;
const NORMAL = 20;
const ZIP64 = 45;
const MADE_BY_UNIX = 3 << 8;
/** A regular file that everybody may read. */
const MODE = 0o100644;
const MAX_16 = 0xffff;
const MAX_32 = 0xffffffff;

/**
 * A zip file, piece by piece. Entries are stored as they are, in their order, under a fixed date: the bytes of a deflated entry differ
 * between versions and processors (zlib's faster paths find other matches), and pictures do not get smaller. A piece is good until
 * the next one is asked for. Memory: one piece, and about 60 bytes and the path for each entry.
 */
export async function* zipArchive(
  entries: AsyncIterable<ArchiveEntry> | Iterable<ArchiveEntry>,
): AsyncGenerator<Uint8Array> {
  const out = new ChunkedOutput();
  using directory = new Directory();
  for await (const { path, content } of entries) {
    const offset = out.total;
    const small = smallPiece(content);
    if (small !== null) {
      directory.add(path, { ...out.writeEntry(path, small), offset, flags: UTF8 });
      if (out.full) yield out.take();
      continue;
    }
    const name = Buffer.from(path);
    const held = await Held.from(content);
    if (held.whole) {
      const { size, crc } = held;
      out.write(localHeader(name, { crc, size }));
      for (const piece of held.pieces) yield* out.writeLarge(piece);
      directory.add(path, { crc, size, offset, flags: UTF8 });
    } else {
      out.write(localHeader(name, null));
      let size = 0;
      let crc = 0;
      for await (const piece of held.all()) {
        size += piece.length;
        crc = crc32(piece, crc);
        yield* out.writeLarge(piece);
      }
      out.write(descriptor(crc, size));
      directory.add(path, { crc, size, offset, flags: UTF8 | SIZES_FOLLOW });
    }
    if (out.full) yield out.take();
  }
  const start = out.total;
  for (const piece of directory.pieces()) yield* out.writeLarge(piece);
  out.write(ending(directory.count, start, out.total - start));
  yield out.take();
}

/** The whole content, if it is one small piece. */
function smallPiece(content: ArchiveEntry['content']): string | Uint8Array | null {
  const piece: unknown = Array.isArray(content) && content.length === 1 ? content[0] : content;
  if (typeof piece === 'string') return piece.length * MOST_BYTES_PER_UNIT <= SMALL ? piece : null;
  return piece instanceof Uint8Array && piece.length <= SMALL ? piece : null;
}

/** The beginning of an entry, or all of it when it is small. */
class Held {
  readonly pieces: Uint8Array[] = [];
  size = 0;
  crc = 0;
  private rest: AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array> | null = null;

  static async from(content: ArchiveEntry['content']): Promise<Held> {
    const held = new Held();
    if (typeof content === 'string' || content instanceof Uint8Array) {
      held.add(content);
      return held;
    }
    const rest = Symbol.asyncIterator in content ? content[Symbol.asyncIterator]() : content[Symbol.iterator]();
    while (held.size <= HELD) {
      const next = await rest.next();
      if (next.done) return held;
      // Copied: what comes in pieces may be written over by the next one.
      held.add(next.value, true);
    }
    held.rest = rest;
    return held;
  }

  get whole(): boolean {
    return this.rest === null;
  }

  async *all(): AsyncGenerator<Uint8Array> {
    const { rest } = this;
    yield* this.pieces.splice(0);
    if (!rest) return;
    let ended = false;
    try {
      for (;;) {
        const next = await rest.next();
        if (next.done) break;
        yield bytesOf(next.value);
      }
      ended = true;
    } finally {
      if (!ended) await rest.return?.();
    }
  }

  private add(piece: string | Uint8Array, copied = false): void {
    const bytes = bytesOf(piece);
    this.pieces.push(copied && bytes === piece ? bytes.slice() : bytes);
    this.size += bytes.length;
    this.crc = crc32(bytes, this.crc);
  }
}

function bytesOf(piece: string | Uint8Array): Uint8Array {
  return typeof piece === 'string' ? Buffer.from(piece) : piece;
}

/** Gathers what is small, so that whoever sends it is not asked for every header. */
class ChunkedOutput {
  /** Bytes so far, given out or not. */
  total = 0;
  private readonly buffer = Buffer.allocUnsafe(CHUNK + MARGIN);
  private filled = 0;

  get full(): boolean {
    return this.filled >= CHUNK;
  }

  /** For headers, which are smaller than 4 KiB. */
  write(bytes: Uint8Array): void {
    this.buffer.set(bytes, this.filled);
    this.filled += bytes.length;
    this.total += bytes.length;
  }

  /** Header and content of an entry of one small piece. */
  writeEntry(path: string, piece: string | Uint8Array): Known {
    const { buffer, filled } = this;
    const name = buffer.write(path, filled + LOCAL_HEADER);
    const start = filled + LOCAL_HEADER + name;
    let size = piece.length;
    if (typeof piece === 'string') size = buffer.write(piece, start);
    else buffer.set(piece, start);
    const known = { size, crc: crc32(buffer.subarray(start, start + size)) };
    fillLocalHeader(buffer, filled, name, known);
    this.filled = start + size;
    this.total += this.filled - filled;
    return known;
  }

  *writeLarge(bytes: Uint8Array): Generator<Uint8Array> {
    // What follows is a header or a descriptor at least, for which there must be room.
    if (this.filled + bytes.length <= this.buffer.length - 4096) return this.write(bytes);
    if (this.filled > 0) yield this.take();
    this.total += bytes.length;
    yield bytes;
  }

  take(): Uint8Array {
    const taken = this.buffer.subarray(0, this.filled);
    this.filled = 0;
    return taken;
  }
}

interface Known {
  readonly crc: number;
  readonly size: number;
}

const LOCAL_HEADER = 30;

/** `known` null: crc and sizes, 64 bits wide, follow the data. */
function localHeader(name: Buffer, known: Known | null): Buffer {
  const header = Buffer.alloc(LOCAL_HEADER + name.length + (known ? 0 : 20));
  fillLocalHeader(header, 0, name.length, known);
  header.set(name, LOCAL_HEADER);
  if (!known) {
    header.writeUInt16LE(1, LOCAL_HEADER + name.length);
    header.writeUInt16LE(16, LOCAL_HEADER + 2 + name.length);
  }
  return header;
}

function fillLocalHeader(header: Buffer, at: number, name_length: number, known: Known | null): void {
  header.writeUInt32LE(0x04034b50, at);
  header.writeUInt16LE(known ? NORMAL : ZIP64, at + 4);
  header.writeUInt16LE(known ? UTF8 : UTF8 | SIZES_FOLLOW, at + 6);
  // Neither packed nor dated to the second.
  header.writeUInt32LE(0, at + 8);
  header.writeUInt16LE(DATE, at + 12);
  header.writeUInt32LE(known?.crc ?? 0, at + 14);
  header.writeUInt32LE(known?.size ?? MAX_32, at + 18);
  header.writeUInt32LE(known?.size ?? MAX_32, at + 22);
  header.writeUInt16LE(name_length, at + 26);
  header.writeUInt16LE(known ? 0 : 20, at + 28);
}

function descriptor(crc: number, size: number): Buffer {
  const bytes = Buffer.alloc(24);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(crc, 4);
  bytes.writeBigUInt64LE(BigInt(size), 8);
  bytes.writeBigUInt64LE(BigInt(size), 16);
  return bytes;
}

const DIRECTORY_HEADER = 46;

class Directory implements Disposable {
  count = 0;
  /** Of each entry; most of it is the same for all. */
  private readonly head = directoryHeader();
  private readonly done: Buffer<ArrayBuffer>[] = [];
  private current = borrowMemory(DIRECTORY_PIECE);
  private filled = 0;

  add(path: string, { crc, size, offset, flags }: Known & { offset: number; flags: number }): void {
    this.count++;
    const wide = size >= MAX_32 || offset >= MAX_32 ? wideSizes(size, offset) : null;
    const extra = wide?.length ?? 0;
    if (this.filled + DIRECTORY_HEADER + path.length * MOST_BYTES_PER_UNIT + extra > this.current.length) {
      this.done.push(this.current.subarray(0, this.filled));
      this.current = borrowMemory(DIRECTORY_PIECE);
      this.filled = 0;
    }
    const { current, head } = this;
    const at = this.filled;
    const name = current.write(path, at + DIRECTORY_HEADER);
    head.writeUInt16LE(wide || flags & SIZES_FOLLOW ? ZIP64 : NORMAL, 6);
    head.writeUInt16LE(flags, 8);
    head.writeUInt32LE(crc, 16);
    head.writeUInt32LE(wide ? MAX_32 : size, 20);
    head.writeUInt32LE(wide ? MAX_32 : size, 24);
    head.writeUInt16LE(name, 28);
    head.writeUInt16LE(extra, 30);
    head.writeUInt32LE(wide ? MAX_32 : offset, 42);
    current.set(head, at);
    if (wide) current.set(wide, at + DIRECTORY_HEADER + name);
    this.filled += DIRECTORY_HEADER + name + extra;
  }

  *pieces(): Generator<Uint8Array> {
    yield* this.done;
    yield this.current.subarray(0, this.filled);
  }

  [Symbol.dispose](): void {
    for (const piece of [...this.done, this.current]) giveBackMemory(piece);
  }
}

function directoryHeader(): Buffer {
  const head = Buffer.alloc(DIRECTORY_HEADER);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(MADE_BY_UNIX | ZIP64, 4);
  head.writeUInt16LE(DATE, 14);
  head.writeUInt32LE(MODE * 2 ** 16, 38);
  return head;
}

/** The extra field of an entry whose sizes or place take more than 32 bits. */
function wideSizes(size: number, offset: number): Buffer {
  const field = Buffer.alloc(28);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(24, 2);
  field.writeBigUInt64LE(BigInt(size), 4);
  field.writeBigUInt64LE(BigInt(size), 12);
  field.writeBigUInt64LE(BigInt(offset), 20);
  return field;
}

function ending(count: number, start: number, size: number): Buffer {
  const wide = count >= MAX_16 || start >= MAX_32 || size >= MAX_32;
  const bytes = Buffer.alloc(wide ? 56 + 20 + 22 : 22);
  let at = 0;
  if (wide) {
    bytes.writeUInt32LE(0x06064b50, 0);
    bytes.writeBigUInt64LE(44n, 4);
    bytes.writeUInt16LE(MADE_BY_UNIX | ZIP64, 12);
    bytes.writeUInt16LE(ZIP64, 14);
    bytes.writeBigUInt64LE(BigInt(count), 24);
    bytes.writeBigUInt64LE(BigInt(count), 32);
    bytes.writeBigUInt64LE(BigInt(size), 40);
    bytes.writeBigUInt64LE(BigInt(start), 48);
    bytes.writeUInt32LE(0x07064b50, 56);
    bytes.writeBigUInt64LE(BigInt(start + size), 64);
    bytes.writeUInt32LE(1, 72);
    at = 76;
  }
  bytes.writeUInt32LE(0x06054b50, at);
  bytes.writeUInt16LE(Math.min(count, MAX_16), at + 8);
  bytes.writeUInt16LE(Math.min(count, MAX_16), at + 10);
  bytes.writeUInt32LE(wide ? MAX_32 : size, at + 12);
  bytes.writeUInt32LE(wide ? MAX_32 : start, at + 16);
  return bytes;
}
