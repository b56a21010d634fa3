import { ArchiveError, whyUnread } from './archive-problem';
import type { ArchiveEntry } from './archive-directory';
import { crc32 } from './crc32';

export const STORED = 0;
export const DEFLATED = 8;

/** What stands before the bytes of a file: a mark, fields, and two lengths of what follows. */
const HEADER_BYTES = 30;
const HEADER_MARK = 0x04034b50;
const NAME_LENGTH_AT = 26;
const EXTRA_LENGTH_AT = 28;
/** Unpacked without a pause, so that the page stays quick. */
const PIECE_BYTES = 256 * 1024;

/** A file in an archive. Its bytes are unpacked when they are asked for, and not kept. */
export class PackedFile {
  readonly type = '';

  constructor(
    private readonly archive: Blob,
    private readonly entry: ArchiveEntry,
  ) {}

  get size(): number {
    return this.entry.size;
  }

  /** Archives that are downloaded or made again have other dates; the checksum says better whether a file is the same. */
  get lastModified(): number {
    return this.entry.crc32;
  }

  /** The bytes, checked: as many as promised, with the promised checksum. Throws ArchiveError. */
  async unpack(signal: AbortSignal): Promise<Blob> {
    try {
      const packed = await packedBytes(this.archive, this.entry);
      if (this.entry.method === STORED) {
        await check(inPieces(packed), this.entry, signal);
        return packed;
      }
      const parts: BlobPart[] = [];
      const plain = inPieces(packed).pipeThrough(new DecompressionStream('deflate-raw'));
      await check(plain, this.entry, signal, (part) => parts.push(part));
      return new Blob(parts);
    } catch (error) {
      if (signal.aborted || error instanceof ArchiveError) throw error;
      throw await whyUnread(this.archive, 'damaged_in_archive');
    }
  }
}

async function packedBytes(archive: Blob, { offset, packed_size }: ArchiveEntry): Promise<Blob> {
  const header = new DataView(await archive.slice(offset, offset + HEADER_BYTES).arrayBuffer());
  if (header.byteLength < HEADER_BYTES || header.getUint32(0, true) !== HEADER_MARK)
    throw new ArchiveError('damaged_in_archive');
  const lengths = header.getUint16(NAME_LENGTH_AT, true) + header.getUint16(EXTRA_LENGTH_AT, true);
  const start = offset + HEADER_BYTES + lengths;
  return archive.slice(start, start + packed_size);
}

/** The bytes of a file, each piece read when the one before it is through. A file's own stream comes in pieces of megabytes. */
function inPieces(file: Blob): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream(
    {
      async pull(stream) {
        if (at >= file.size) return stream.close();
        const piece = file.slice(at, at + PIECE_BYTES);
        stream.enqueue(new Uint8Array(await piece.arrayBuffer()));
        at += PIECE_BYTES;
      },
    },
    { highWaterMark: 0 },
  );
}

/** Reads to the end what should be a file's bytes, and no further than they may go. */
async function check(
  plain: ReadableStream<Uint8Array<ArrayBuffer>>,
  { size, crc32: promised }: ArchiveEntry,
  signal: AbortSignal,
  keep: (part: Uint8Array<ArrayBuffer>) => void = () => undefined,
): Promise<void> {
  const reader = plain.getReader();
  try {
    let [length, crc] = [0, 0];
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      signal.throwIfAborted();
      length += next.value.length;
      if (length > size) throw new ArchiveError('unpacks_to_more');
      crc = crc32(next.value, crc);
      keep(next.value);
    }
    if (length !== size || crc !== promised) throw new ArchiveError('damaged_in_archive');
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
