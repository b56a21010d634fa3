import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIN_PART_SIZE, type MultipartUpload, type StoredObject, type UploadedPart } from '../driver.js';
import { InvalidPart, UploadNotFound } from '../errors.js';
import type { BucketFolder } from './bucket-folder.js';
import {
  isMissing,
  openObjectFile,
  readObjectFacts,
  walkBytes,
  writeObjectFile,
  type ObjectFacts,
} from './object-file.js';
import { uploadInOrder, type KnownPart } from './upload-in-order.js';

interface Manifest {
  key: string;
  content_type: string;
  cache_control?: string;
  download_name?: string;
}

export interface DiskUploads {
  begin: (manifest: Manifest) => Promise<string>;
  /** @throws UploadNotFound */
  putPart: (
    key: string,
    upload_id: string,
    part_number: number,
    source: AsyncIterable<Uint8Array>,
  ) => Promise<UploadedPart>;
  /** `parts` in ascending order. @throws UploadNotFound, InvalidPart */
  complete: (key: string, upload_id: string, parts: readonly UploadedPart[]) => Promise<StoredObject>;
  abort: (key: string, upload_id: string) => Promise<void>;
  /** The upload as its beginner goes on with it who sends the parts in order. */
  inOrder: (key: string, upload_id: string) => Pick<MultipartUpload, 'putPart' | 'complete' | 'abort'>;
}

const UPLOAD_ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;
const MANIFEST = 'upload.json';
/** Bytes of parts that are in memory while they are put together. */
const JOINED_AT_ONCE = 1024 * 1024;

/** Uploads in parts: a folder each, with a file per part (an object file whose etag is the part's). */
export function diskUploads(folder: BucketFolder): DiskUploads {
  const { io } = folder;
  const uploadFolder = (upload_id: string) => join(folder.uploads, upload_id);
  const partFile = (upload_id: string, part_number: number) => join(uploadFolder(upload_id), `${part_number}`);
  const unknown = (key: string, upload_id: string) =>
    new UploadNotFound(`There is no upload ${JSON.stringify(upload_id)} for ${JSON.stringify(key)}.`, { key });

  async function manifest(key: string, upload_id: string): Promise<Manifest> {
    if (!UPLOAD_ID.test(upload_id)) throw unknown(key, upload_id);
    try {
      const found = JSON.parse(await readFile(join(uploadFolder(upload_id), MANIFEST), 'utf8')) as Manifest;
      if (found.key === key) return found;
    } catch (error) {
      if (!isMissing(error)) throw io.translate(error);
    }
    throw unknown(key, upload_id);
  }

  async function discard(upload_id: string): Promise<void> {
    // Away at once under its name, then piece by piece.
    const doomed = folder.temporaryPath();
    try {
      await rename(uploadFolder(upload_id), doomed);
    } catch (error) {
      if (isMissing(error)) return;
      throw error;
    }
    await rm(doomed, { recursive: true, force: true });
  }

  /** The object that `parts` make. */
  async function describe(
    key: string,
    upload_id: string,
    parts: readonly UploadedPart[],
    known: (part_number: number) => Promise<Pick<KnownPart, 'etag' | 'size'> | undefined>,
  ): Promise<ObjectFacts> {
    const { content_type, cache_control, download_name } = await manifest(key, upload_id);
    const hash_of_hashes = createHash('md5');
    const sizes: number[] = [];
    for (const { part_number, etag } of parts) {
      const part = await known(part_number);
      if (part?.etag !== etag) throw refusal(key, `part ${part_number} is missing or has another etag`);
      sizes.push(part.size);
      hash_of_hashes.update(etag, 'hex');
    }
    assertPartSizes(key, sizes);
    const size = sizes.reduce((sum, one) => sum + one, 0);
    const etag = `${hash_of_hashes.digest('hex')}-${parts.length}`;
    return { key, size, etag, content_type, cache_control, download_name, modified_at: Date.now() };
  }

  return {
    async begin(upload) {
      await folder.prepare();
      const upload_id = randomUUID();
      const making = folder.temporaryPath();
      await io(async () => {
        await mkdir(making);
        await writeFile(join(making, MANIFEST), JSON.stringify(upload), { flush: true });
        await rename(making, uploadFolder(upload_id));
      });
      return upload_id;
    },

    async putPart(key, upload_id, part_number, source) {
      const { content_type } = await manifest(key, upload_id);
      const temporary = folder.temporaryPath();
      const { etag } = await writeObjectFile(io, temporary, source, (size, md5) => ({
        key,
        size,
        etag: md5,
        content_type,
        modified_at: Date.now(),
      }));
      try {
        await rename(temporary, partFile(upload_id, part_number));
      } catch (error) {
        await rm(temporary, { force: true });
        throw isMissing(error) ? unknown(key, upload_id) : io.translate(error);
      }
      return { part_number, etag };
    },

    async complete(key, upload_id, parts) {
      const described = await describe(key, upload_id, parts, (part_number) =>
        readObjectFacts(io, partFile(upload_id, part_number)),
      );
      const temporary = folder.temporaryPath();
      const { size, etag } = await writeObjectFile(
        io,
        temporary,
        joined(),
        (total) => ({ ...described, size: total }),
        described.etag,
      );
      await folder.commit(temporary, key);
      await io(() => discard(upload_id));
      return { size, etag };

      async function* joined(): AsyncGenerator<Uint8Array> {
        const room = Buffer.allocUnsafeSlow(JOINED_AT_ONCE);
        for (const { part_number, etag: wanted } of parts) {
          const part = await openObjectFile(io, partFile(upload_id, part_number));
          // Completed by somebody else, aborted or written again while we read.
          if (part?.facts.etag !== wanted) {
            await part?.file.close();
            throw unknown(key, upload_id);
          }
          yield* walkBytes(io, part, room);
        }
      }
    },

    async abort(key, upload_id) {
      try {
        await manifest(key, upload_id);
      } catch (error) {
        if (error instanceof UploadNotFound) return;
        throw error;
      }
      await io(() => discard(upload_id));
    },

    inOrder: (key, upload_id) =>
      uploadInOrder(folder, {
        key,
        folder: uploadFolder(upload_id),
        assertOpen: async () => void (await manifest(key, upload_id)),
        async describe(parts, known) {
          if (parts.length !== known.length) throw refusal(key, `${known.length} parts were put, not ${parts.length}`);
          return describe(key, upload_id, parts, async (part_number) => known[part_number - 1]);
        },
        discard: () => io(() => discard(upload_id)),
      }),
  };
}

function assertPartSizes(key: string, sizes: readonly number[]): void {
  const [first = 0, ...others] = sizes;
  const last = others.pop() ?? 0;
  if (sizes.length > 1 && first < MIN_PART_SIZE)
    throw refusal(key, `only the last part may be under ${MIN_PART_SIZE} bytes`);
  if (last > first || others.some((size) => size !== first))
    throw refusal(key, 'all parts but the last must be of one size, and the last no larger');
}

function refusal(key: string, why: string): InvalidPart {
  return new InvalidPart(`The upload of ${JSON.stringify(key)} cannot be completed: ${why}.`, { key });
}
