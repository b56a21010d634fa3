import type { ImageRow, LabelerDb, ThumbnailOutcome } from '@labelyard/db';
import { imageKey, ObjectNotFound, type StorageDriver } from '@labelyard/storage';
import type { ProjectEvents } from '../events/project-events.js';
import type { LogLine } from '../jobs/queue-log.js';
import type { JobHandler, JobRun } from '../jobs/job-registry.js';
import { inParallel } from '../concurrency/in-parallel.js';
import { putThumbnail } from './image-placing.js';
import { THUMBNAILS } from './image-tasks.js';
import type { ImageReader } from './image-reader.js';

const BATCH = 50;
/** More than decodes at once: some wait for the storage. */
const AT_ONCE = 4;
/** Images whose bytes cannot be decoded are left alone after this many tries. */
const MAX_ATTEMPTS = 3;

interface Done {
  readonly image: ImageRow;
  readonly state: ThumbnailOutcome['state'];
}

/** Makes missing thumbnails, a batch at a time, until none is left. Running it twice at once only costs time. */
export class ThumbnailJob implements JobHandler<Record<string, never>> {
  readonly task = THUMBNAILS;

  constructor(
    private readonly db: LabelerDb,
    private readonly datasets: StorageDriver,
    private readonly reader: ImageReader,
    private readonly events: ProjectEvents,
    private readonly log: LogLine,
  ) {}

  async run(_payload: Record<string, never>, { signal }: JobRun): Promise<void> {
    for (;;) {
      const work = await this.db.images.thumbnailWork({ limit: BATCH, max_attempts: MAX_ATTEMPTS });
      if (work.length === 0) return;
      await this.batch(work, signal);
    }
  }

  private async batch(work: readonly ImageRow[], signal: AbortSignal): Promise<void> {
    const done: Done[] = [];
    try {
      await inParallel(work, AT_ONCE, async (image) => {
        signal.throwIfAborted();
        done.push({ image, state: await this.make(image, signal) });
      });
    } finally {
      // After a failure too: what was made need not be made again.
      await this.writeDown(done);
    }
  }

  private async make(image: ImageRow, signal: AbortSignal): Promise<ThumbnailOutcome['state']> {
    try {
      const found = await this.reader.read(imageKey(image.dataset_id, image.path), { signal });
      if (found.inspection.ok) {
        await putThumbnail(this.datasets, image, found.inspection.facts.thumbnail);
        return 'ready';
      }
      this.log('warn', 'No thumbnail: the stored image cannot be decoded', {
        image_id: image.id,
        reason: found.inspection.message,
      });
    } catch (error) {
      if (!(error instanceof ObjectNotFound)) throw error;
      this.log('warn', 'No thumbnail: the image is not in the storage', { image_id: image.id });
    }
    return 'failed';
  }

  private async writeDown(done: readonly Done[]): Promise<void> {
    await this.db.images.setThumbnails(done.map(({ image: { id, revision }, state }) => ({ id, revision, state })));
    const ready = done.flatMap(({ image, state }) => (state === 'ready' ? [image] : []));
    const told = Map.groupBy(ready, ({ dataset_id, uploaded_by }) => `${dataset_id} ${uploaded_by}`);
    await this.events.publishForDatasets(
      this.db.sql,
      [...told.values()].map((images) => {
        const [{ dataset_id, uploaded_by: by }] = images as [ImageRow];
        return { dataset_id, change: { type: 'image', image_ids: images.map(({ id }) => id), by } };
      }),
    );
  }
}
