import type { Readable } from 'node:stream';
import type { UploadAnswer } from '@labelyard/contract';
import { DomainError } from '@labelyard/domain';
import type { StorageDriver } from '@labelyard/storage';
import type { Admission, ImageIntake, IntakeScope } from './image-intake.js';
import { RequestPaths } from './image-path.js';
import { IMAGE_CACHE_CONTROL } from './image-placing.js';
import type { ImageReader } from './image-reader.js';
import { bodyOf, type ReceivedFile } from './received-file.js';
import { UploadReport } from './upload-report.js';
import { WeightedSlots } from '../concurrency/weighted-slots.js';

/** One file of a multipart form, as it arrives. Its bytes must be read before the next file comes. */
export interface IncomingFile {
  /** May hold folders. */
  readonly name: string;
  readonly bytes: Readable;
  /** Whether the form's parser cut the file off at its limit; known once the bytes were read. */
  readonly isCut: () => boolean;
}

/** Files of one request that may be here at once, waiting to be looked at. */
const FILES_IN_FLIGHT = 4;

/** Takes the files of one request: while one is looked at and stored, the next is received. */
export class DirectUpload {
  constructor(
    private readonly datasets: StorageDriver,
    private readonly intake: ImageIntake,
    private readonly reader: ImageReader,
    private readonly max_bytes: number,
  ) {}

  /**
   * One result per file; a bad one does not hold up the others. Throws what is nobody's file's fault (storage or database away,
   * the sender went away); what was stored until then stays, and sending it again is harmless.
   */
  async take(scope: IntakeScope, files: AsyncIterable<IncomingFile>): Promise<Omit<UploadAnswer, 'error'>> {
    const report = new UploadReport();
    const paths = new RequestPaths();
    const line = new WeightedSlots(FILES_IN_FLIGHT);
    const running: Promise<void>[] = [];
    const failed = new AbortController();
    try {
      for await (const { name, bytes, isCut } of files) {
        failed.signal.throwIfAborted();
        const asked = paths.pathOf(name);
        if (!asked.ok) {
          bytes.resume();
          report.reject(asked);
          continue;
        }
        const tell = report.reserve();
        const known = await this.intake.skippable(scope, asked.path);
        if (known) {
          bytes.resume();
          tell(name, known);
          continue;
        }
        await line.waitForRoom();
        const file = await this.reader.receive(bytes, { max_bytes: this.max_bytes + 1 });
        if (!file || isCut()) {
          await file?.[Symbol.asyncDispose]();
          const message = `The file is larger than the allowed ${this.max_bytes} bytes.`;
          tell(name, { outcome: 'rejected', code: 'file_too_large', message });
          continue;
        }
        const stored = line.run(1, async () => tell(name, await this.store(scope, asked.path, file)));
        running.push(stored.catch((error: unknown) => failed.abort(error)));
      }
    } finally {
      await Promise.all(running);
    }
    failed.signal.throwIfAborted();
    if (report.isEmpty) {
      throw new DomainError(
        'validation_failed',
        'The form holds no file: send one or more in the field "file" or "files"',
        [{ path: 'file', code: 'missing', message: 'is missing' }],
      );
    }
    return report.answer();
  }

  private async store(scope: IntakeScope, path: string, received: ReceivedFile): Promise<Admission> {
    await using file = received;
    const inspection = await this.reader.inspect(file);
    if (!inspection.ok) return { outcome: 'rejected', code: inspection.code, message: inspection.message };
    const { facts } = inspection;
    // Awaited here: the file must be there until the bytes are placed.
    return await this.intake.admit(scope, {
      path,
      file,
      facts,
      place: async (key, settling) => {
        await this.datasets.put(key, bodyOf(file), {
          content_type: facts.content_type,
          size: file.size_bytes,
          sha256: file.sha256,
          cache_control: IMAGE_CACHE_CONTROL,
          ...settling,
        });
      },
    });
  }
}
