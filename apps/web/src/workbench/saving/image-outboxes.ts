import type { Operation } from '@labelyard/contract';
import type { Entry } from './entry';
import { ImageOutbox, type OutboxChange } from './image-outbox';
import type { Journal, JournalScope } from './journal';

export interface ImageOutboxesOptions {
  readonly journal: Pick<Journal, 'write' | 'read'>;
  /** The browser refuses to keep the journal (private window, full disk): edits still go to the server. */
  readonly onJournalError?: (error: unknown) => void;
  readonly newId?: () => string;
}

/** An edit that waits or waited for a decision, and the image it belongs to. */
export interface OpenProblem {
  readonly image_id: number;
  readonly entry: Entry;
}

export interface Batch {
  readonly image: ImageOutbox;
  readonly operations: readonly Operation[];
  /** Never sent before, so that a refusal says all about them. */
  readonly fresh: boolean;
}

/** What is not yet known to be saved, image by image, and in the journal before anything is done with it. */
export class ImageOutboxes {
  private readonly images = new Map<number, ImageOutbox>();
  private writing: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(
    private readonly scope: Omit<JournalScope, 'image_id'>,
    private readonly options: ImageOutboxesOptions,
  ) {}

  /** Takes up what the journal holds of this session (after adopting dead ones). */
  async restore(): Promise<void> {
    const { user_id, session, project_id } = this.scope;
    const records = (await this.options.journal.read(user_id)).filter(
      (record) => record.session === session && record.project_id === project_id,
    );
    const byImage = Map.groupBy(records, (record) => record.image_id);
    for (const [image_id, list] of byImage) {
      this.images.set(
        image_id,
        new ImageOutbox(
          image_id,
          list.map((record) => record.entry),
        ),
      );
    }
  }

  get all(): readonly ImageOutbox[] {
    return [...this.images.values()];
  }

  /** Of all images. */
  get size(): number {
    return this.all.reduce((sum, image) => sum + image.size, 0);
  }

  get problems(): readonly OpenProblem[] {
    return this.all.flatMap(({ image_id, problems }) => problems.map((entry) => ({ image_id, entry })));
  }

  /** Of an image, made when there is none. */
  of(image_id: number): ImageOutbox {
    let image = this.images.get(image_id);
    if (!image) this.images.set(image_id, (image = new ImageOutbox(image_id)));
    return image;
  }

  known(image_id: number): ImageOutbox | undefined {
    return this.images.get(image_id);
  }

  /** What to send next, journaled as it leaves; null when there is nothing, or all of it is of `passed_over` images. */
  nextBatch(passed_over: ReadonlySet<number>): Batch | null {
    for (const image of this.images.values()) {
      if (passed_over.has(image.image_id)) continue;
      const { operations, change } = image.batch(this.options.newId ?? (() => crypto.randomUUID()));
      this.persist(image.image_id, change);
      const fresh = change.put.length > 0;
      if (operations.length > 0) return { image, operations: operations.map((sent) => sent.operation), fresh };
    }
    return null;
  }

  persist(image_id: number, change: OutboxChange): void {
    if (this.closed) return;
    // Handed over at once, in the order of the edits: a tab that dies takes what waits in it along.
    const written = this.options.journal
      .write({ ...this.scope, image_id }, change)
      .catch((error: unknown) => this.options.onJournalError?.(error));
    this.writing = Promise.all([this.writing, written]).then(() => undefined);
  }

  /** Resolves when every edit made so far is on this machine's disk. */
  journaled(): Promise<void> {
    return this.writing;
  }

  /** Nothing is written any more. */
  close(): void {
    this.closed = true;
  }
}
