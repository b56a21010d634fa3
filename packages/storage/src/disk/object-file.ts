// An object and what is known about it are ONE file, so that one rename replaces both at once:
//   the object's bytes | facts as JSON | length of that JSON (4 bytes, big endian) | MARK
// The bytes come first, so a range is a plain read and most programs open the file as the image or archive it is.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, open, rm, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { StorageDamaged } from '../errors.js';
import type { DiskIo } from './disk-io.js';

const MARK = Buffer.from('LYOBJ\0\x01\n', 'latin1');
const TAIL = 4 + MARK.length;
/** One read fetches the facts of nearly every object. */
const FIRST_READ = 2048;

export interface ObjectFacts {
  key: string;
  size: number;
  etag: string;
  content_type: string;
  cache_control?: string;
  download_name?: string;
  /** Milliseconds since 1970. */
  modified_at: number;
}

export interface OpenObject {
  file: FileHandle;
  facts: ObjectFacts;
}

/**
 * Writes a new file and makes sure it is on the disk. On any failure the file is gone. Errors of `source` come through; a chunk of it
 * is done with when the next one is asked for. Bytes in memory are written at once, with what stands behind them.
 */
export async function writeObjectFile(
  io: DiskIo,
  path: string,
  source: Uint8Array | AsyncIterable<Uint8Array>,
  /** Called at the end with the bytes' count and etag; may throw to refuse them. */
  describe: (size: number, etag: string) => ObjectFacts,
  /** Where it is known beforehand; else it is the MD5 of the bytes in hexadecimal. */
  known_etag?: string,
): Promise<ObjectFacts> {
  const file = await io(() => open(path, 'wx'));
  try {
    const md5 = known_etag === undefined ? createHash('md5') : null;
    let size = 0;
    let rest: Uint8Array[] = [];
    for await (const chunk of source instanceof Uint8Array ? [source] : source) {
      md5?.update(chunk);
      size += chunk.length;
      if (chunk === source) rest = [chunk];
      else await io(() => file.writeFile(chunk));
    }
    const facts = describe(size, known_etag ?? md5!.digest('hex'));
    await io(() => writeAll(file, [...rest, trailer(facts)]));
    await io(() => file.sync());
    await io(() => file.close());
    return facts;
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * Writes a copy of an object under another key, without its bytes passing through here where the file system can.
 * The facts are taken from the copy, so that they belong to its bytes even when the original is replaced meanwhile.
 */
export async function copyObjectFile(
  io: DiskIo,
  from: string,
  path: string,
  redescribe: (facts: ObjectFacts) => ObjectFacts,
): Promise<ObjectFacts | undefined> {
  try {
    await copyFile(from, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw io.translate(error);
  }
  try {
    const file = await io(() => open(path, 'r+'));
    try {
      const facts = redescribe(await io(() => readFacts(file, from)));
      const end = trailer(facts);
      await io(() => file.truncate(facts.size));
      await io(() => file.write(end, 0, end.length, facts.size));
      await io(() => file.sync());
      return facts;
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Opens an object's file; undefined when there is none. The caller closes it. @throws StorageDamaged */
export async function openObjectFile(io: DiskIo, path: string): Promise<OpenObject | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw io.translate(error);
  }
  try {
    return { file, facts: await io(() => readFacts(file, path)) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Facts of an object's file; undefined when there is none. @throws StorageDamaged */
export async function readObjectFacts(io: DiskIo, path: string): Promise<ObjectFacts | undefined> {
  const opened = await openObjectFile(io, path);
  await opened?.file.close();
  return opened?.facts;
}

/** Bytes `start` to `end` of an open file, which is closed with the stream. */
export async function byteStream(file: FileHandle, start: number, end: number): Promise<Readable> {
  if (end >= start) return file.createReadStream({ start, end });
  await file.close();
  return Readable.from([]);
}

/** All bytes of an open file, `room` by `room`: the same memory again and again. Closes the file. */
export async function* walkBytes(io: DiskIo, { file, facts }: OpenObject, room: Buffer): AsyncGenerator<Uint8Array> {
  try {
    for (let at = 0; at < facts.size;) {
      const wanted = Math.min(room.length, facts.size - at);
      const { bytesRead } = await io(() => file.read(room, 0, wanted, at));
      if (bytesRead === 0) throw damaged(facts.key);
      at += bytesRead;
      yield room.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Together in one write, unless the system takes less. */
async function writeAll(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let { bytesWritten: ahead } = await file.writev(pieces);
  for (const piece of pieces) {
    if (ahead < piece.length) await file.writeFile(piece.subarray(ahead));
    ahead = Math.max(0, ahead - piece.length);
  }
}

/** What stands behind the bytes. */
export function trailer(facts: ObjectFacts): Buffer {
  const json = Buffer.from(JSON.stringify(facts));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([json, length, MARK]);
}

async function readFacts(file: FileHandle, path: string): Promise<ObjectFacts> {
  const { size: file_size } = await file.stat();
  let end = await readEnd(file, file_size, FIRST_READ);
  if (!end.subarray(-MARK.length).equals(MARK)) throw damaged(path);
  const json_length = end.readUInt32BE(end.length - TAIL);
  if (json_length + TAIL > file_size) throw damaged(path);
  if (json_length + TAIL > end.length) end = await readEnd(file, file_size, json_length + TAIL);
  try {
    const facts = JSON.parse(end.toString('utf8', end.length - TAIL - json_length, end.length - TAIL)) as ObjectFacts;
    if (facts.size + json_length + TAIL === file_size) return facts;
  } catch (cause) {
    throw damaged(path, cause);
  }
  throw damaged(path);
}

async function readEnd(file: FileHandle, file_size: number, length: number): Promise<Buffer> {
  const wanted = Math.min(length, file_size);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, file_size - wanted);
  return buffer.subarray(0, bytesRead);
}

function damaged(path: string, cause?: unknown): StorageDamaged {
  return new StorageDamaged(
    `${path} is not a whole object of this storage: it was cut, changed or put there by hand. Restore it from a backup or remove it.`,
    { path },
    { cause },
  );
}
