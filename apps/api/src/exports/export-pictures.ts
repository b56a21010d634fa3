import { createHash } from 'node:crypto';
import { DomainError } from '@labelyard/domain';
import type { ExportedPicture } from '@labelyard/formats';
import { imageKey, keptPictureKey, ObjectNotFound, type StorageDriver } from '@labelyard/storage';
import type { ContentImage } from './export-content.js';
import type { ArchiveEntry } from './zip-archive.js';

/** Pictures up to this size are fetched before it is their turn. */
const FETCHED_AHEAD = 8 * 1024 * 1024;
const MOST_AHEAD = 8;
const MOST_BYTES_AHEAD = 24 * 1024 * 1024;
const MOST_EXAMPLES = 5;

interface Few {
  count: number;
  examples: number[];
}

/** The part of the report that is about pictures. */
export class PictureTally {
  count = 0;
  size_bytes = 0;
  readonly missing: Few = { count: 0, examples: [] };
  readonly changed: Few = { count: 0, examples: [] };

  static note(few: Few, image_id: number): void {
    few.count++;
    if (few.examples.length < MOST_EXAMPLES) few.examples.push(image_id);
  }
}

interface PictureRun {
  readonly pictures: AsyncIterable<ExportedPicture>;
  /** The images that the pictures are of, by ascending id like them. */
  readonly images: AsyncIterable<readonly ContentImage[]>;
  readonly dataset_id: number;
  readonly storage: StorageDriver;
  readonly tally: PictureTally;
  readonly signal: AbortSignal;
}

/**
 * Pictures as entries of an archive, in the order of `pictures`. The next few are being fetched while one is written. One that the
 * storage does not have any more is left out, one that was replaced meanwhile is taken as it is; the tally has both. What a
 * version holds is kept elsewhere before it is replaced.
 */
export async function* pictureEntries(run: PictureRun): AsyncGenerator<ArchiveEntry> {
  const { pictures, images, signal, tally } = run;
  const finder = new ImageFinder(images[Symbol.asyncIterator]());
  const stop = new AbortController();
  const fetching = AbortSignal.any([signal, stop.signal]);
  const ahead: { bytes: number; entry: Promise<ArchiveEntry | null> }[] = [];
  let bytes_ahead = 0;
  async function* next(): AsyncGenerator<ArchiveEntry> {
    const first = ahead.shift();
    if (!first) return;
    const entry = await first.entry;
    bytes_ahead -= first.bytes;
    if (entry) yield entry;
  }
  try {
    for await (const { image_id, path } of pictures) {
      const image = await finder.find(image_id);
      const small = image.size_bytes <= FETCHED_AHEAD;
      // A large one is a stream, which must not wait half read.
      while (ahead.length > 0 && (!small || ahead.length >= MOST_AHEAD || bytes_ahead > MOST_BYTES_AHEAD))
        yield* next();
      const entry = small ? fetched(image, path, run, fetching) : streamed(image, path, run, fetching);
      entry.catch(() => undefined);
      ahead.push({ bytes: image.size_bytes, entry });
      bytes_ahead += image.size_bytes;
      if (!small) yield* next();
    }
    while (ahead.length > 0) yield* next();
  } finally {
    stop.abort();
    await Promise.allSettled(ahead.map(({ entry }) => entry));
    await finder.close();
  }

  async function fetched(
    image: ContentImage,
    path: string,
    { storage, dataset_id }: PictureRun,
    until: AbortSignal,
  ): Promise<ArchiveEntry | null> {
    const chunks: Buffer[] = [];
    try {
      const { body } = await storage.get(pictureKey(dataset_id, image), { signal: until });
      for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
      PictureTally.note(tally.missing, image.id);
      return null;
    }
    const content = Buffer.concat(chunks);
    tell(image, content.length, createHash('sha256').update(content).digest('hex'));
    return { path, content };
  }

  async function streamed(
    image: ContentImage,
    path: string,
    { storage, dataset_id }: PictureRun,
    until: AbortSignal,
  ): Promise<ArchiveEntry | null> {
    const found = await storage.get(pictureKey(dataset_id, image), { signal: until }).catch((error: unknown) => {
      if (error instanceof ObjectNotFound) return null;
      throw error;
    });
    if (!found) {
      PictureTally.note(tally.missing, image.id);
      return null;
    }
    async function* content(body: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
      const hash = createHash('sha256');
      let size = 0;
      for await (const chunk of body) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
      tell(image, size, hash.digest('hex'));
    }
    return { path, content: content(found.body) };
  }

  function tell(image: ContentImage, size: number, sha256: string): void {
    tally.count++;
    tally.size_bytes += size;
    if (sha256 !== image.sha256) PictureTally.note(tally.changed, image.id);
  }
}

function pictureKey(dataset_id: number, { id, path, sha256, kept }: ContentImage): string {
  return kept ? keptPictureKey(dataset_id, id, sha256) : imageKey(dataset_id, path);
}

/** Walks images in step with ids that only grow. */
class ImageFinder {
  private batch: readonly ContentImage[] = [];
  private at = 0;

  constructor(private readonly batches: AsyncIterator<readonly ContentImage[]>) {}

  async find(image_id: number): Promise<ContentImage> {
    for (;;) {
      for (; this.at < this.batch.length; this.at++) {
        const image = this.batch[this.at] as ContentImage;
        if (image.id === image_id) return image;
        if (image.id > image_id) break;
      }
      const next = this.at < this.batch.length ? { done: true as const } : await this.batches.next();
      if (next.done) throw new DomainError('internal', `Pictures must come by ascending id; ${image_id} was not found`);
      this.batch = next.value;
      this.at = 0;
    }
  }

  async close(): Promise<void> {
    await this.batches.return?.();
  }
}
