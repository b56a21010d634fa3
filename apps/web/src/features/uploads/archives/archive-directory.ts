import type { Entry, Reader } from '@zip.js/zip.js';
import { ArchiveError, whyUnread } from './archive-problem';
import { koreanName } from './entry-name';

/** One file of an archive: what its directory says, and no more than is needed. */
export interface ArchiveEntry {
  /** As the archive says it. */
  readonly name: string;
  readonly size: number;
  readonly packed_size: number;
  readonly crc32: number;
  readonly method: number;
  /** Where its own header begins. */
  readonly offset: number;
  readonly encrypted: boolean;
  /** A path in place of bytes. */
  readonly link: boolean;
}

/** A page that shows something must not stand still for longer. */
const BREATHE_EVERY_MS = 20;

/**
 * Lists the files of an archive; folders are left out. Reads nothing but its directory. Throws ArchiveError.
 *
 * zip.js' own entries take seven kilobytes each, too much to be kept for a hundred thousand files.
 */
export async function readDirectory(archive: Blob): Promise<ArchiveEntry[]> {
  const { ZipReader, ERR_ENCRYPTED_CENTRAL_DIRECTORY } = await loaded();
  // Names are looked at one by one later: a bad one must not cost the others.
  const reader = new ZipReader(blobReader(archive), {
    strictness: 'tolerant',
    decodeText: (bytes, encoding, kind) =>
      kind === 'filename' && encoding === 'cp437' ? koreanName(bytes) : undefined,
  });
  const found: ArchiveEntry[] = [];
  let since = performance.now();
  try {
    for await (const entry of reader.getEntriesGenerator()) {
      if (!entry.directory) found.push(entryOf(entry));
      if (performance.now() - since < BREATHE_EVERY_MS) continue;
      await breathe();
      since = performance.now();
    }
  } catch (error) {
    if (error instanceof Error && error.message === ERR_ENCRYPTED_CENTRAL_DIRECTORY)
      throw new ArchiveError('encrypted');
    throw await whyUnread(archive, 'archive_damaged');
  }
  return found;
}

/** Fetched with the first archive: most people never need it. */
async function loaded() {
  try {
    return await import('@zip.js/zip.js/lib/zip-core-reader.js');
  } catch {
    throw new ArchiveError('archive_not_opened');
  }
}

/** The part of zip.js' own reader that listing needs; the rest of it writes archives and speaks HTTP. */
function blobReader(blob: Blob): Reader<Blob> {
  const slice = (offset = 0, length = blob.size - offset) => blob.slice(offset, offset + length);
  return {
    size: blob.size,
    get readable() {
      return blob.stream();
    },
    createReadable: ({ offset, size } = {}) => slice(offset, size).stream(),
    readUint8Array: async (offset, length) => new Uint8Array(await slice(offset, length).arrayBuffer()),
  };
}

function entryOf(entry: Entry): ArchiveEntry {
  return {
    name: entry.filename,
    size: entry.uncompressedSize,
    packed_size: entry.compressedSize,
    crc32: entry.crc32 ?? 0,
    method: entry.compressionMethod,
    offset: entry.offset,
    encrypted: entry.encrypted,
    link: entry.symlink,
  };
}

/** Lets the page draw and answer. Timers would do too, but not in a tab in the background. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
