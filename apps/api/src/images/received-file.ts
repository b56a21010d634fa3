import { hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { addAbortSignal, Readable } from 'node:stream';
import { spool } from './spooled-file.js';

/** Bytes from outside while they are looked at: small files in memory, the others on the local disk. Disposing lets go of them. */
export interface ReceivedFile extends AsyncDisposable {
  /** The bytes, or the path of the file that holds them. */
  readonly content: FileContent;
  readonly size_bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export type FileContent = Buffer | string;

/** Room for a photograph, and not for a film. */
const PLACE_BYTES = 8 * 1024 * 1024;
const PLACES = 4;

/**
 * Memory for files that are being looked at, of all requests together; what finds no room goes to the disk. It is used again and again:
 * memory of its own for each file would have the garbage collector run for every few photographs.
 */
export class ReceivingRoom {
  private readonly free: Buffer[] = [];

  constructor(
    private left = PLACES,
    private readonly place_bytes = PLACE_BYTES,
  ) {}

  /** What of it was never written takes no memory. Null when all is taken. */
  take(): Buffer | null {
    const place = this.free.pop();
    if (place) return place;
    if (this.left === 0) return null;
    this.left -= 1;
    return Buffer.allocUnsafeSlow(this.place_bytes);
  }

  /** Nobody may look at its bytes any more. */
  giveBack(place: Buffer): void {
    this.free.push(place);
  }
}

interface ReceiveOptions {
  readonly folder: string;
  readonly max_bytes: number;
  readonly room: ReceivingRoom;
  readonly signal?: AbortSignal | undefined;
}

/** Reads a stream to its end. Null, with nothing kept, when it is longer than `max_bytes`; the stream is destroyed then. */
export async function receive(
  source: Readable,
  { folder, max_bytes, room, signal }: ReceiveOptions,
): Promise<ReceivedFile | null> {
  if (signal) addAbortSignal(signal, source);
  const place = room.take();
  let size_bytes = 0;
  let received: ReceivedFile | null = null;
  try {
    let unplaced: Buffer | null = null;
    for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (size_bytes + chunk.length > max_bytes) return null;
      if (!place || size_bytes + chunk.length > place.length) {
        unplaced = chunk;
        break;
      }
      place.set(chunk, size_bytes);
      size_bytes += chunk.length;
    }
    const content = place ? place.subarray(0, size_bytes) : Buffer.alloc(0);
    if (unplaced) return (received = await onDisk([content, unplaced], source, { folder, max_bytes, signal }));
    const dispose = async () => void (place && room.giveBack(place));
    return (received = { content, size_bytes, sha256: hash('sha256', content), [Symbol.asyncDispose]: dispose });
  } finally {
    if (place && typeof received?.content !== 'object') room.giveBack(place);
    if (!received) source.destroy();
  }
}

/** The content, to be stored. */
export function bodyOf({ content }: Pick<ReceivedFile, 'content'>): Buffer | Readable {
  return typeof content === 'string' ? createReadStream(content) : content;
}

async function onDisk(
  begun: readonly Buffer[],
  rest: Readable,
  options: Omit<ReceiveOptions, 'room'>,
): Promise<ReceivedFile | null> {
  const all = async function* () {
    yield* begun;
    yield* rest as AsyncIterable<Buffer>;
  };
  const file = await spool(Readable.from(all(), { objectMode: false }), options);
  return file && { ...file, content: file.path };
}
