import { randomUUID } from 'node:crypto';
import type {
  ImageRow,
  InsertedImage,
  LabelerDb,
  LabelerTransaction,
  NeededPicture,
  NewImage,
  OnDuplicate,
} from '@labelyard/db';
import type { ProjectChange, RejectionCode } from '@labelyard/contract';
import type { Settling, StorageDriver } from '@labelyard/storage';
import type { ProjectEvents } from '../events/project-events.js';
import { cancelJob, enqueue } from '../jobs/task.js';
import type { LogLine } from '../jobs/queue-log.js';
import { ImagePlacing, type MadeRow, putThumbnail } from './image-placing.js';
import { SETTLE_IMAGE, type SettleImage, THUMBNAILS } from './image-tasks.js';
import type { ImageFacts } from './inspect-image.js';
import type { PictureKeeper } from './picture-keeper.js';
import type { ReceivedFile } from './received-file.js';
import { WeightedSlots } from '../concurrency/weighted-slots.js';

/** How long an overwrite may take before somebody looks whether it was cut off. */
const SETTLE_AFTER_MS = 120_000;
/** Admissions of this process. */
const AT_ONCE = 4;

/** A file that was looked at and found sound, and how to bring its bytes to a key. */
export interface SoundFile {
  readonly path: string;
  readonly file: Pick<ReceivedFile, 'size_bytes' | 'sha256'>;
  readonly facts: ImageFacts;
  /** Puts the bytes under their final key in one step (put or copy), `settling` as the storage does it. Repeatable. */
  readonly place: (key: string, settling: Settling) => Promise<void>;
}

export type Admission =
  | { readonly outcome: InsertedImage['outcome'] | 'same'; readonly image: ImageRow }
  | { readonly outcome: 'rejected'; readonly code: RejectionCode; readonly message: string };

export interface IntakeScope {
  readonly dataset_id: number;
  readonly project_id: number;
  readonly user_id: string;
  readonly on_duplicate: OnDuplicate;
}

/** What else belongs into the transaction that makes the image. */
export interface Surroundings {
  /** An answer ends it there: somebody else was faster. */
  before(tx: LabelerTransaction): Promise<Admission | null>;
  after(tx: LabelerTransaction, admission: Admission): Promise<void>;
}

/**
 * Makes an image of a sound file. Order, and what a crash leaves behind (docs/adr/0005):
 *
 * 1. bytes and thumbnail are brought to the storage, not yet visible under their keys where it can do that;
 * 2. the row is inserted, not yet committed: nobody else can take the path meanwhile;
 * 3. what lies under the final key and is still needed is kept elsewhere (docs/adr/0017); bytes and thumbnail become visible, each in
 *    one step; 4. commit.
 *
 * Cut off before 4 there is no row, at most bytes that nothing points to, and sending the file again heals it. Only an
 * overwrite could leave an old row with new bytes: a job that waits from before 3, and is taken back by 4, mends that.
 */
export class ImageIntake {
  /** Each admission holds a database connection while the storage copies; requests must not wait for those. */
  private readonly line: WeightedSlots;
  private readonly placing: ImagePlacing;

  constructor(
    private readonly db: LabelerDb,
    private readonly datasets: StorageDriver,
    keeper: PictureKeeper,
    private readonly events: ProjectEvents,
    private readonly log: LogLine,
  ) {
    // One is left for what an admission may ask beside its transaction: they must not wait for each other's.
    this.line = new WeightedSlots(Math.max(1, Math.min(AT_ONCE, db.poolStats().max - 1)));
    this.placing = new ImagePlacing(datasets, keeper, log);
  }

  /** Spares looking at a file whose path is taken and which is to be skipped then. */
  async skippable({ dataset_id, on_duplicate }: IntakeScope, path: string): Promise<Admission | null> {
    if (on_duplicate !== 'skip') return null;
    const [image] = await this.db.images.byPaths(dataset_id, [path]);
    return image ? { outcome: 'skipped', image } : null;
  }

  async admit(scope: IntakeScope, sound: SoundFile, around?: Surroundings): Promise<Admission> {
    const admission = await this.line.run(1, () => this.store(scope, sound, around));
    // An earlier try may have ended before it was there.
    if (admission.outcome === 'same' && admission.image.thumbnail_state === 'pending')
      await this.storeThumbnail(admission.image, sound.facts.thumbnail);
    return admission;
  }

  /** Again, should another image have come to the path after it was looked who watches over it. */
  private async store(scope: IntakeScope, sound: SoundFile, around?: Surroundings): Promise<Admission> {
    for (;;) {
      const watch = await this.watch(scope, sound);
      const result = await this.db.transaction(async (tx) => {
        // Whatever comes of it, it was not cut off.
        if (watch) await cancelJob(tx.sql, SETTLE_IMAGE, watch);
        const settled = await around?.before(tx);
        if (settled) return settled;
        const decided = await this.decide(tx, scope, sound, watch?.image_id ?? null);
        if (!decided) return null;
        await around?.after(tx, decided);
        await this.tell(tx, scope, decided);
        return decided;
      });
      if (result) return result;
    }
  }

  /**
   * Has a job look at the image that would be overwritten, should that be cut off. Before the transaction, whose end it must not
   * depend on, and so that it need not hold two connections.
   */
  private async watch(
    { dataset_id, on_duplicate }: IntakeScope,
    { path, file }: SoundFile,
  ): Promise<SettleImage | null> {
    if (on_duplicate !== 'overwrite') return null;
    const [known] = await this.db.images.byPaths(dataset_id, [path]);
    if (!known || known.sha256 === file.sha256) return null;
    const run_at = new Date(Date.now() + SETTLE_AFTER_MS).toISOString();
    const watch = { image_id: known.id, overwrite: randomUUID() };
    await enqueue(this.db.sql, SETTLE_IMAGE, watch, { run_at });
    return watch;
  }

  /** Null: it would overwrite an image that nobody watches over. */
  private async decide(
    tx: LabelerTransaction,
    scope: IntakeScope,
    sound: SoundFile,
    watched_id: number | null,
  ): Promise<Admission | null> {
    const { dataset_id, project_id, user_id, on_duplicate } = scope;
    const { path, file, facts } = sound;
    const known = await tx.images.holdPath(dataset_id, path);
    if (known) {
      // The same bytes under the same name are the same image, whatever was asked: a repeated request changes nothing.
      if (known.sha256 === file.sha256) return { outcome: on_duplicate === 'skip' ? 'skipped' : 'same', image: known };
      if (on_duplicate === 'overwrite') {
        const refusal = await sizeRefusal(tx, known, facts);
        if (refusal) return refusal;
        if (known.id !== watched_id) return null;
      }
    }
    const { content_type, width, height } = facts;
    const { size_bytes, sha256 } = file;
    const insert = async (): Promise<MadeRow> => {
      let needed: Promise<NeededPicture[]> | undefined;
      const row: NewImage = { path, content_type, width, height, size_bytes, sha256, thumbnail_state: 'ready' };
      const [made] = await tx.images.insertMany(
        dataset_id,
        user_id,
        on_duplicate,
        [row],
        () => (needed = tx.deletedImages.neededAt(dataset_id, [path])),
      );
      return { made: made as InsertedImage, needed: (await needed) ?? [] };
    };
    // What is taken and not overwritten is skipped, or gets a path that is known when it has a row.
    const { outcome, image } =
      known && on_duplicate !== 'overwrite'
        ? await this.placing.placeMade(tx, sound, (await insert()).made)
        : await this.placing.place(tx, { dataset_id, path }, sound, insert);
    if (outcome === 'skipped') return { outcome, image };
    if (outcome === 'overwritten') {
      await tx.audit.record({
        project_id,
        actor_id: user_id,
        action: 'image.overwrite',
        subject_type: 'image',
        subject_id: image.id,
        details: { path: image.path, from: known?.sha256, to: sha256 },
      });
    }
    return { outcome, image };
  }

  /** Last of the transaction: it is over sooner then, for which others wait. */
  private async tell(tx: LabelerTransaction, scope: IntakeScope, admission: Admission): Promise<void> {
    const { project_id, user_id } = scope;
    const { outcome } = admission;
    if (outcome === 'skipped' || outcome === 'same' || outcome === 'rejected') return;
    const told = [null, ...(outcome === 'overwritten' ? [[admission.image.id]] : [])];
    await this.events.publishLastly(
      tx.sql,
      told.map((image_ids) => ({ project_id, change: { type: 'image', image_ids, by: user_id } })),
    );
  }

  /** Never holds an upload back: what fails here is made by the job. */
  private async storeThumbnail(image: ImageRow, thumbnail: Buffer): Promise<void> {
    try {
      await putThumbnail(this.datasets, image, thumbnail);
      await this.db.images.setThumbnail(image.id, image.revision, 'ready');
      const change: ProjectChange = { type: 'image', image_ids: [image.id], by: image.uploaded_by };
      await this.events.publishForDataset(this.db.sql, image.dataset_id, change);
    } catch (error) {
      this.log('warn', 'A thumbnail could not be stored; it will be made in the background', {
        image_id: image.id,
        err: error,
      });
      await enqueue(this.db.sql, THUMBNAILS, {}).catch(() => undefined);
    }
  }
}

/** Shapes are pixels of the image they were drawn on. */
async function sizeRefusal(tx: LabelerTransaction, known: ImageRow, facts: ImageFacts): Promise<Admission | null> {
  if (known.width === facts.width && known.height === facts.height) return null;
  const listed = await tx.images.get(known.id);
  if (!listed || listed.annotation_count === 0) return null;
  return {
    outcome: 'rejected',
    code: 'annotated_size_differs',
    message:
      `The image has ${listed.annotation_count} annotation(s) on ${known.width} × ${known.height} pixels; ` +
      `this file has ${facts.width} × ${facts.height}. Delete the annotations first, or upload under another name.`,
  };
}
