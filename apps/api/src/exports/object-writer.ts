import { createHash } from 'node:crypto';
import type { FileChunks } from '@labelyard/formats';
import {
  MAX_PARTS,
  MIN_PART_SIZE,
  type MultipartUpload,
  type ObjectMetadata,
  type StorageDriver,
  type UploadedPart,
} from '@labelyard/storage';
import { borrowMemory, giveBackMemory } from './borrowed-memory.js';

/** Equal for all parts but the last (R2's rule), and small: one is being filled while the one before it is being sent. */
const PART_BYTES = MIN_PART_SIZE;
/** Of the largest exports; two are in memory at a time. */
const MOST_PART_BYTES = 32 * 1024 * 1024;

export interface WrittenObject {
  readonly size_bytes: number;
  /** Lower-case hex, of the bytes as they were sent. */
  readonly sha256: string;
}

interface WriteOptions extends ObjectMetadata {
  readonly signal: AbortSignal;
  /** About how much will come, when it may be more than 40 GB: parts are larger then, for a storage takes a number of them. */
  readonly expected_bytes?: number;
  /** Told of an upload in parts before its first one is sent, so that whoever follows a crash can end it. */
  readonly onUpload?: (upload_id: string) => Promise<void>;
}

/**
 * Sends what comes in pieces to the storage at constant memory, hashing as it goes. Nothing is seen under the key before all
 * of it is there; a failure leaves nothing behind. Text is UTF-8.
 */
export async function writeObject(
  storage: StorageDriver,
  key: string,
  chunks: FileChunks,
  { signal, expected_bytes, onUpload, ...metadata }: WriteOptions,
): Promise<WrittenObject> {
  const hash = createHash('sha256');
  const parts = new PartSender(storage, key, metadata, partBytes(expected_bytes), signal, onUpload);
  let size_bytes = 0;
  try {
    // A chunk is good until the next one is asked for: it is copied.
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      hash.update(bytes);
      size_bytes += bytes.length;
      await parts.write(bytes);
    }
    await parts.finish();
  } catch (error) {
    await parts.abort();
    throw error;
  }
  return { size_bytes, sha256: hash.digest('hex') };
}

/** Room for a quarter more than is expected. */
export function partBytes(expected_bytes = 0): number {
  const wanted = Math.ceil((expected_bytes * 1.25) / MAX_PARTS);
  return Math.min(Math.max(wanted, PART_BYTES), MOST_PART_BYTES);
}

class PartSender {
  private upload: MultipartUpload | null = null;
  private filling: Buffer<ArrayBuffer>;
  private spare: Buffer<ArrayBuffer> | null = null;
  private filled = 0;
  private sending: Promise<UploadedPart> | null = null;
  private readonly sent: UploadedPart[] = [];

  constructor(
    private readonly storage: StorageDriver,
    private readonly key: string,
    private readonly metadata: ObjectMetadata,
    private readonly part_bytes: number,
    private readonly signal: AbortSignal,
    private readonly onUpload: WriteOptions['onUpload'],
  ) {
    this.filling = borrowMemory(part_bytes);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let offset = 0; offset < bytes.length;) {
      if (this.filled === this.part_bytes) await this.sendPart();
      const count = Math.min(this.part_bytes - this.filled, bytes.length - offset);
      this.filling.set(bytes.subarray(offset, offset + count), this.filled);
      this.filled += count;
      offset += count;
    }
  }

  /** Small objects go in one piece: no upload to begin and to complete. */
  async finish(): Promise<void> {
    const { metadata, signal } = this;
    if (!this.upload) {
      const body = this.filling.subarray(0, this.filled);
      await this.storage.put(this.key, body, { ...metadata, size: body.length, signal });
      return this.giveBack();
    }
    if (this.filled > 0) await this.sendPart();
    await this.collect();
    await this.upload.complete(this.sent);
    this.giveBack();
  }

  /** At once, rather than when they are found to be garbage: the next export takes as much. */
  private giveBack(): void {
    for (const part of [this.filling, this.spare]) if (part) giveBackMemory(part);
  }

  async abort(): Promise<void> {
    await this.sending?.catch(() => undefined);
    // The storage forgets unfinished uploads by itself after some days; the first error is the one to tell.
    await this.upload?.abort().catch(() => undefined);
  }

  private async sendPart(): Promise<void> {
    if (!this.upload) {
      this.upload = await this.storage.multipart(this.key, { ...this.metadata, once: true });
      await this.onUpload?.(this.upload.upload_id);
    }
    const body = this.filling.subarray(0, this.filled);
    const next = this.spare ?? borrowMemory(this.part_bytes);
    await this.collect();
    this.sending = this.upload.putPart(this.sent.length + 1, body, { signal: this.signal });
    // Awaited later; until then a failure must not count as unhandled.
    this.sending.catch(() => undefined);
    this.spare = this.filling;
    this.filling = next;
    this.filled = 0;
  }

  private async collect(): Promise<void> {
    if (this.sending) this.sent.push(await this.sending);
    this.sending = null;
  }
}
