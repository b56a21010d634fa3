import { randomUUID } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { MultipartUpload, UploadedPart } from '../driver.js';
import type { BucketFolder } from './bucket-folder.js';
import { trailer, type ObjectFacts } from './object-file.js';

export interface KnownPart extends UploadedPart {
  readonly size: number;
}

interface OrderedUpload {
  readonly key: string;
  /** Of this upload, where it is removed with everything else when somebody ends it. */
  readonly folder: string;
  /** @throws UploadNotFound when somebody did */
  readonly assertOpen: () => Promise<void>;
  /** @throws InvalidPart when `parts` are not those that are known, or make no object */
  readonly describe: (parts: readonly UploadedPart[], known: readonly KnownPart[]) => Promise<ObjectFacts>;
  readonly discard: () => Promise<void>;
}

/**
 * An upload whose parts come one after the other from this handle: each is written behind the one before, in the file that becomes the
 * object. Nothing is read again, and its etags are made up, for nobody else ever sees them.
 */
export function uploadInOrder(
  { io, commit }: BucketFolder,
  { key, folder, assertOpen, describe, discard }: OrderedUpload,
): Pick<MultipartUpload, 'putPart' | 'complete' | 'abort'> {
  const path = join(folder, 'object');
  const known: KnownPart[] = [];
  let size = 0;
  let file: FileHandle | null = null;

  const close = async () => {
    const closing = file;
    file = null;
    await closing?.close();
  };

  return {
    async putPart(part_number, bytes, { signal } = {}) {
      signal?.throwIfAborted();
      if (part_number !== known.length + 1)
        throw new RangeError(`Parts of this upload come in order: ${known.length + 1} is next, not ${part_number}.`);
      await assertOpen();
      const opened = (file ??= await io(() => open(path, 'wx')));
      await io(() => writeAt(opened, bytes, size));
      size += bytes.length;
      const part = { part_number, etag: randomUUID().replaceAll('-', ''), size: bytes.length };
      known.push(part);
      return part;
    },

    async complete(parts) {
      await assertOpen();
      const facts = await describe(parts, known);
      await io(async () => {
        const opened = (file ??= await open(path, 'wx'));
        // A part that failed may have left more than the one that took its place.
        await opened.truncate(size);
        await writeAt(opened, trailer(facts), size);
        await opened.sync();
        await close();
      });
      await commit(path, key);
      await discard();
      return { size, etag: facts.etag };
    },

    async abort() {
      await io(close);
      await discard();
    },
  };
}

/** At its place, so that a part that failed half-way can be written again. */
async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
