import type { StorageDriver } from '@labelyard/storage';
import { inspectImage, type InspectOptions, type Inspection } from './inspect-image.js';
import { spool, type SpooledFile } from './spooled-file.js';

export interface ImageReaderOptions extends InspectOptions {
  readonly datasets: StorageDriver;
  /** Where files lie while they are looked at. */
  readonly folder: string;
  /** Largest file that is read. */
  readonly max_bytes: number;
}

export interface ReadImage {
  readonly size_bytes: number;
  readonly sha256: string;
  /** Of the object that was read. */
  readonly etag: string;
  readonly inspection: Inspection;
}

/** Looks at images: files that arrive, and objects that are in the storage. */
export class ImageReader {
  constructor(private readonly options: ImageReaderOptions) {}

  inspect(file: SpooledFile): Promise<Inspection> {
    return inspectImage(file.path, this.options);
  }

  /**
   * Reads a stored object to its end, unless its size is not the expected one. Throws the storage's errors
   * (`ObjectNotFound`, `StorageUnavailable`, …).
   */
  async read(
    key: string,
    { signal, expected_size }: { signal?: AbortSignal; expected_size?: number } = {},
  ): Promise<ReadImage> {
    const { datasets, folder, max_bytes } = this.options;
    const object = await datasets.get(key, { signal });
    const { etag } = object;
    if (expected_size !== undefined && object.size !== expected_size) {
      object.body.destroy();
      const message = `${object.size} bytes arrived, ${expected_size} were announced: send the file again.`;
      return { size_bytes: object.size, sha256: '', etag, inspection: { ok: false, code: 'size_mismatch', message } };
    }
    await using file = await spool(object.body, { folder, max_bytes, signal });
    if (!file) {
      const message = `The file has ${object.size} bytes; at most ${max_bytes} are allowed.`;
      return { size_bytes: object.size, sha256: '', etag, inspection: { ok: false, code: 'file_too_large', message } };
    }
    return { size_bytes: file.size_bytes, sha256: file.sha256, etag, inspection: await this.inspect(file) };
  }
}
