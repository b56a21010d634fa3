import { ApiError, type Operation, type OperationResult } from '@labelyard/contract';
import type { DiffEvent, SaveResult, Shape, ShapeId } from '@labelyard/editor';
import type { MaintenanceNews } from '@/features/maintenance/maintenance-news';
import { ConfirmQueue, type Confirmation } from './confirm-queue';
import type { ImageOutbox } from './image-outbox';
import { ImageOutboxes, type Batch, type ImageOutboxesOptions, type OpenProblem } from './image-outboxes';
import type { Journal } from './journal';
import { isAboutContent, isUndone, toApiError, verdictOf, waitingReason } from './refusal';
import { saveStateOf, type SaveState } from './save-state';
import { SendSchedule, type ScheduleOptions } from './send-schedule';

export interface OutboxOptions extends ScheduleOptions, ImageOutboxesOptions {
  readonly user_id: string;
  readonly session: string;
  readonly project_id: number;
  readonly journal: Pick<Journal, 'write' | 'read' | 'writeConfirmation' | 'forgetConfirmation' | 'readConfirmations'>;
  /** Sends one batch; throws {@link ApiError}. */
  readonly send: (image_id: number, operations: readonly Operation[]) => Promise<readonly OperationResult[]>;
  /** Says that an image is done, or not; throws {@link ApiError}. */
  readonly confirm: (confirmation: Confirmation) => Promise<void>;
  /** Told when a confirmation that waited was taken, or (with the reason) refused for good. */
  readonly onConfirmed?: (confirmation: Confirmation, refusal: ApiError | null) => void;
  /** News of maintenance: nothing is sent while it lasts. */
  readonly maintenance?: Pick<MaintenanceNews, 'current' | 'subscribe'>;
  /** Tells the editor what was stored. */
  readonly onSaved: (image_id: number, results: readonly SaveResult[]) => void;
  /** Quiet time after an edit before it is sent: a drag or a series of nudges is one operation. */
  readonly delay_ms?: number;
}

/** A lock lasts a minute after its holder is gone; its end is told, so this is only a net. */
const LOCKED_MS = 15_000;

/** How often it is looked whether maintenance is over: news of its end come by themselves, a refusal may have come before any. */
const MAINTENANCE_MS = 30_000;

/**
 * Carries edits to the server: journal first, then idempotent operations, one request at a time, again and again until
 * answered. Works through every image with unsaved edits, also those of an earlier, crashed session.
 */
export class Outbox {
  private readonly images: ImageOutboxes;
  private readonly listeners = new Set<() => void>();
  private running: Promise<void> | null = null;
  /** Images that somebody else works on: tried again later, while others are sent. */
  private readonly locked = new Set<number>();
  private readonly refusals = new Set<(image_id: number, error: ApiError) => void>();
  private closed = false;
  private readonly schedule: SendSchedule;
  private snapshot: SaveState = { kind: 'saved' };
  private openProblems: readonly OpenProblem[] = [];
  private readonly confirms: ConfirmQueue;
  private readonly stopNews: (() => void) | undefined;

  constructor(private readonly options: OutboxOptions) {
    const { user_id, session, project_id, journal, maintenance } = options;
    this.schedule = new SendSchedule(() => void this.flush(), options);
    const scope = { user_id, session, project_id };
    this.images = new ImageOutboxes(scope, options);
    this.confirms = new ConfirmQueue(scope, journal);
    this.stopNews = maintenance?.subscribe((notice) => (notice ? this.rest() : void this.flush()));
  }

  /** Takes up what the journal holds of this session (after adopting dead ones). */
  async restore(): Promise<void> {
    await this.images.restore();
    await this.confirms.restore();
    this.changed();
  }

  get state(): SaveState {
    return this.snapshot;
  }

  /** The same array until something changes. */
  get problems(): readonly OpenProblem[] {
    return this.openProblems;
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Told when a save is refused because somebody else works on the image. */
  onRefused(listener: (image_id: number, error: ApiError) => void): () => void {
    this.refusals.add(listener);
    return () => void this.refusals.delete(listener);
  }

  of(image_id: number): ImageOutbox {
    return this.images.of(image_id);
  }

  /** Images with edits that are not saved or need a decision. */
  get unsavedImages(): readonly number[] {
    return this.images.all.filter((image) => image.size > 0).map((image) => image.image_id);
  }

  record(event: DiffEvent): void {
    const change = this.of(event.image_id).record(event);
    if (change.put.length === 0 && change.forget.length === 0) return;
    this.images.persist(event.image_id, change);
    // Whoever edits an image on has not done with it.
    for (const one of this.confirms.of(event.image_id)) if (one.confirmed) void this.forget(one);
    this.changed();
    if (!this.schedule.blocked) this.schedule.in(this.options.delay_ms ?? 400);
  }

  /** Decides a problem; returns what the server holds when theirs won. */
  resolve(image_id: number, shape_id: ShapeId, winner: 'mine' | 'theirs'): Shape | null {
    const resolved = this.of(image_id).resolve(shape_id, winner);
    if (!resolved) return null;
    this.images.persist(image_id, resolved.change);
    this.changed();
    this.schedule.in(0);
    return resolved.theirs;
  }

  /** Decides everything that was refused for want of a right, of every image; returns it as it is then. */
  resolveRefused(winner: 'mine' | 'theirs'): readonly OpenProblem[] {
    const decided = this.images.all.flatMap((image) => {
      const resolved = image.resolveRefused(winner);
      this.images.persist(image.image_id, resolved.change);
      return resolved.decided.map((entry) => ({ image_id: image.image_id, entry }));
    });
    this.changed();
    this.schedule.in(0);
    return decided;
  }

  /** Images are there again: what was refused while they were not is sent again. */
  resendRefused(image_ids: readonly number[]): void {
    for (const image_id of image_ids) {
      const image = this.images.known(image_id);
      if (image) this.images.persist(image_id, image.resolveRefused('mine').change);
    }
    this.changed();
    this.schedule.in(0);
  }

  /** Sends now instead of after the quiet time. Resolves when nothing more can be sent: saved, waiting or blocked. */
  async flush(): Promise<void> {
    if (this.options.maintenance?.current()) {
      // What left before the news came is answered still, mostly by a refusal that gives it back.
      await this.running;
      return this.rest();
    }
    await this.send();
  }

  /** Whether the server takes no changes now. */
  get inMaintenance(): boolean {
    const { blocked } = this.schedule;
    return (
      this.options.maintenance?.current() != null || (blocked?.kind === 'waiting' && blocked.reason === 'maintenance')
    );
  }

  /** Confirms the image when its edits are through and changes are taken again. @throws when this browser keeps nothing */
  async confirmLater(confirmation: Confirmation): Promise<void> {
    await this.confirms.add(confirmation);
    this.rest();
  }

  private async send(): Promise<void> {
    this.schedule.begin();
    this.locked.clear();
    this.running ??= this.run().finally(() => (this.running = null));
    await this.running;
  }

  /**
   * Brings in the answers to everything that left for the server in an earlier life of the tab. Until then the server's
   * rows must not be shown beside the journal's edits: the same shape could be in both. False: try again later.
   */
  async isReady(image_id: number): Promise<boolean> {
    if (this.of(image_id).hasUnanswered) await this.flush();
    return !this.of(image_id).hasUnanswered;
  }

  /** Whether everything of the image is on the server. */
  isSaved(image_id: number): boolean {
    return (this.images.known(image_id)?.size ?? 0) === 0;
  }

  /** Resolves when every edit made so far is on this machine's disk. */
  journaled(): Promise<void> {
    return this.images.journaled();
  }

  /** Ends it, answers that are still to come included. Nothing is lost: the journal holds what is not known to be stored. */
  close(): void {
    this.closed = true;
    this.images.close();
    this.stopNews?.();
    this.schedule.close();
  }

  private async run(): Promise<void> {
    while (!this.closed) {
      const next = this.images.nextBatch(this.locked);
      if (!next) {
        if (await this.sendConfirmation()) continue;
        return this.waitForLocks();
      }
      await this.images.journaled();
      if (this.closed) return;
      try {
        const results = await this.options.send(next.image.image_id, next.operations);
        if (this.closed) return;
        this.schedule.succeeded();
        const { saved, change } = next.image.settle(results);
        this.images.persist(next.image.image_id, change);
        this.options.onSaved(next.image.image_id, saved);
        this.changed();
      } catch (error) {
        if (this.closed) return;
        if (next.fresh && error instanceof ApiError && isUndone(error.code))
          this.images.persist(next.image.image_id, next.image.takeBack(next.operations));
        if (!this.failed(next, error)) return;
      }
    }
  }

  /** True: look for more to send. False: nothing to confirm now, or it must wait. */
  private async sendConfirmation(): Promise<boolean> {
    const next = this.confirms.next((image_id) => this.isSaved(image_id) && !this.locked.has(image_id));
    if (!next) return false;
    let refusal: ApiError | null = null;
    try {
      await this.options.confirm(next);
      this.schedule.succeeded();
    } catch (error) {
      refusal = toApiError(error);
      if (!this.closed && this.postponed(next.image_id, refusal)) return refusal.code === 'locked';
    }
    if (this.closed) return false;
    await this.forget(next);
    this.options.onConfirmed?.(next, refusal);
    this.changed();
    return true;
  }

  private async forget(confirmation: Confirmation): Promise<void> {
    try {
      await this.confirms.forget(confirmation);
    } catch (error) {
      this.options.onJournalError?.(error);
    }
  }

  /** Nothing is sent until maintenance is over. */
  private rest(): void {
    this.schedule.waitFor('maintenance', MAINTENANCE_MS);
    this.changed();
  }

  /** Decides what a failed request means. True: the next batch may be tried at once. */
  private failed({ image, operations, fresh }: Batch, error: unknown): boolean {
    const failure = toApiError(error);
    if (!isAboutContent(failure) && this.postponed(image.image_id, failure)) return failure.code === 'locked';
    const verdict = verdictOf(failure, operations.length);
    if (verdict === 'halve') {
      image.halve(operations);
      return true;
    }
    const change =
      verdict === 'refuse'
        ? image.refuse(failure.message, operations, fresh)
        : image.reject(failure.message, operations);
    this.images.persist(image.image_id, change);
    this.changed();
    return true;
  }

  /** Whether the same may succeed later; sees to it that it is tried then. */
  private postponed(image_id: number, failure: ApiError): boolean {
    const reason = waitingReason(failure.code);
    if (failure.code === 'unauthorized') {
      this.schedule.waitForPerson();
    } else if (failure.code === 'locked') {
      this.locked.add(image_id);
      for (const listener of this.refusals) listener(image_id, failure);
      return true;
    } else if (reason) {
      this.schedule.backOff(reason, failure.retry_after);
    } else return false;
    this.changed();
    return true;
  }

  /** Edits of images that somebody else works on stay here until they give them back. */
  private waitForLocks(): void {
    if (this.locked.size === 0) return;
    this.schedule.waitFor('locked', LOCKED_MS);
    this.changed();
  }

  private changed(): void {
    const pending = this.images.size + this.confirms.size;
    this.openProblems = this.images.problems;
    this.snapshot = saveStateOf({ pending, problems: this.openProblems.length, blocked: this.schedule.blocked });
    for (const listener of this.listeners) listener();
  }
}
