import type { Readable } from 'node:stream';
import type { StorageDriver } from '@labelyard/storage';
import { inspectImage, type InspectOptions, type Inspection } from './inspect-image.js';
import { receive, type ReceivedFile, ReceivingRoom } from './received-file.js';

export interface ImageReaderOptions extends InspectOptions {
  readonly datasets: StorageDriver;
  /** Where files lie that find no room in memory while they are looked at. */
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
  private readonly room = new ReceivingRoom();

  constructor(private readonly options: ImageReaderOptions) {}

  /** Takes a file in, to be inspected and disposed of. Null when it is longer than `max_bytes`; `bytes` is destroyed then. */
  receive(
    bytes: Readable,
    { max_bytes = this.options.max_bytes, signal }: { max_bytes?: number; signal?: AbortSignal | undefined } = {},
  ): Promise<ReceivedFile | null> {
    return receive(bytes, { folder: this.options.folder, room: this.room, max_bytes, signal });
  }

  inspect({ content }: ReceivedFile): Promise<Inspection> {
    return inspectImage(content, this.options);
  }

  /**
   * Reads a stored object to its end, unless its size is not the expected one. Throws the storage's errors
   * (`ObjectNotFound`, `StorageUnavailable`, …).
   */
  async read(
    key: string,
    { signal, expected_size }: { signal?: AbortSignal; expected_size?: number } = {},
  ): Promise<ReadImage> {
    const { datasets, max_bytes } = this.options;
    const object = await datasets.get(key, { signal });
    const { etag } = object;
    if (expected_size !== undefined && object.size !== expected_size) {
      object.body.destroy();
      const message = `${object.size} bytes arrived, ${expected_size} were announced: send the file again.`;
      return { size_bytes: object.size, sha256: '', etag, inspection: { ok: false, code: 'size_mismatch', message } };
    }
    await using file = await this.receive(object.body, { signal });
    if (!file) {
      const message = `The file has ${object.size} bytes; at most ${max_bytes} are allowed.`;
      return { size_bytes: object.size, sha256: '', etag, inspection: { ok: false, code: 'file_too_large', message } };
    }
    return { size_bytes: file.size_bytes, sha256: file.sha256, etag, inspection: await this.inspect(file) };
  }
}
