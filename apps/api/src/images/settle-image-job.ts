import type { LabelerDb } from '@labelyard/db';
import { imageKey, ObjectNotFound } from '@labelyard/storage';
import type { LogLine } from '../jobs/queue-log.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import { enqueue } from '../jobs/task.js';
import { SETTLE_IMAGE, type SettleImage, THUMBNAILS } from './image-tasks.js';
import type { ImageReader } from './image-reader.js';

/**
 * Runs only after an overwrite that did not end: its bytes may have been placed without its row. The bytes were checked before,
 * so the row follows them.
 */
export class SettleImageJob implements JobHandler<SettleImage> {
  readonly task = SETTLE_IMAGE;

  constructor(
    private readonly db: LabelerDb,
    private readonly reader: ImageReader,
    private readonly log: LogLine,
  ) {}

  async run({ image_id }: SettleImage, { signal }: JobRun): Promise<void> {
    const image = await this.db.images.get(image_id);
    if (!image) return;
    const { dataset_id, path, uploaded_by } = image;
    let found;
    try {
      found = await this.reader.read(imageKey(dataset_id, path), { signal });
    } catch (error) {
      if (error instanceof ObjectNotFound) return;
      throw error;
    }
    const { size_bytes, sha256, inspection } = found;
    if (sha256 === image.sha256 || !inspection.ok) return;
    const { content_type, width, height } = inspection.facts;
    const settled = await this.db.transaction(async (tx) => {
      // Whoever overwrites it as well, while these bytes are looked at, knows better.
      const now = await tx.images.holdPath(dataset_id, path);
      if (now?.id !== image_id || now.revision !== image.revision) return false;
      await tx.images.insertMany(dataset_id, uploaded_by, 'overwrite', [
        { path, content_type, width, height, size_bytes, sha256 },
      ]);
      await enqueue(tx.sql, THUMBNAILS, {});
      return true;
    });
    if (settled) this.log('info', 'An overwrite that was cut off is complete now', { image_id });
  }
}
