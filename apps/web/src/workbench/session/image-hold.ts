import { ApiError, lockedDetails, type LockHolder, type ProjectEvent } from '@labelyard/contract';
import { LOCK_HEARTBEAT_MS } from '@labelyard/domain';

type LockCall = 'locks.acquire' | 'locks.heartbeat' | 'locks.release' | 'locks.force_release';

export interface ImageHoldOptions {
  readonly user_id: string;
  /** Asks the API; throws {@link ApiError}. */
  readonly call: (call: LockCall, image_id: number, keepalive?: boolean) => Promise<unknown>;
  /** Somebody else has given the open image back: it may have changed. */
  readonly onFreed: (image_id: number) => void;
}

/** `theirs`: somebody else works on the open image. `mine` also while nobody can say: versions guard what is saved. */
export type HoldState = { readonly kind: 'mine' } | { readonly kind: 'theirs'; readonly holder: LockHolder };

const MINE: HoldState = { kind: 'mine' };
/** Whoever takes an image away by force wants it: they go first. */
const AFTER_FORCE_MS = 3_000;

/** Holds the lock of the image that is open, and takes it as soon as somebody else gives it back. */
export class ImageHold {
  private image_id: number | null = null;
  private current: HoldState = MINE;
  private held = false;
  private beat: ReturnType<typeof setInterval> | undefined;
  private later: ReturnType<typeof setTimeout> | undefined;
  private turn: Promise<void> = Promise.resolve();
  private readonly listeners = new Set<() => void>();

  constructor(private readonly options: ImageHoldOptions) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly snapshot = (): HoldState => this.current;

  /** Gives the image held so far back and takes this one; null only gives back. */
  open(image_id: number | null): void {
    if (image_id === this.image_id) return;
    this.leave();
    this.image_id = image_id;
    this.show(MINE);
    if (image_id === null) return;
    this.beat = setInterval(() => this.ask(this.held ? 'locks.heartbeat' : 'locks.acquire'), LOCK_HEARTBEAT_MS);
    this.ask('locks.acquire');
  }

  /** Also when the page goes away: the request outlives it. */
  leave(): void {
    clearInterval(this.beat);
    clearTimeout(this.later);
    const { image_id, held } = this;
    this.image_id = null;
    this.held = false;
    // After what is under way: an answer that comes late must not leave a lock behind.
    if (image_id === null) return;
    if (held) void this.options.call('locks.release', image_id, true).catch(() => undefined);
    else
      this.turn = this.turn.then(() =>
        this.lateAnswer === image_id
          ? void this.options.call('locks.release', image_id, true).catch(() => undefined)
          : undefined,
      );
  }

  hear(event: ProjectEvent): void {
    if (event.type === 'resync') return this.ask(this.held ? 'locks.heartbeat' : 'locks.acquire');
    if (event.type === 'deletion' && event.restored && event.image_ids.some((id) => id === this.image_id))
      return this.ask('locks.acquire');
    if (event.type !== 'lock' || event.image_id !== this.image_id) return;
    const { lock } = event;
    if (lock === null) {
      clearTimeout(this.later);
      // Mine was taken away, or I gave it back in another tab.
      if (this.held) this.later = setTimeout(() => this.ask('locks.acquire'), AFTER_FORCE_MS);
      else if (this.current.kind === 'theirs') this.ask('locks.acquire');
    } else if (lock.user_id !== this.options.user_id) {
      clearTimeout(this.later);
      this.held = false;
      this.show({ kind: 'theirs', holder: lock });
    }
  }

  /** A save was refused because somebody holds the image. */
  refused(image_id: number, error: unknown): void {
    if (image_id === this.image_id) this.lost(error);
  }

  /** For those who may: takes the image from whoever holds it. */
  async takeOver(): Promise<void> {
    const { image_id } = this;
    if (image_id === null) return;
    await this.options.call('locks.force_release', image_id);
    this.ask('locks.acquire');
  }

  private lateAnswer: number | null = null;

  private ask(call: 'locks.acquire' | 'locks.heartbeat'): void {
    const { image_id } = this;
    if (image_id === null) return;
    this.turn = this.turn.then(() => this.carryOut(call, image_id));
  }

  private async carryOut(call: 'locks.acquire' | 'locks.heartbeat', image_id: number): Promise<void> {
    if (image_id !== this.image_id) return;
    this.lateAnswer = null;
    try {
      await this.options.call(call, image_id);
      if (image_id !== this.image_id) {
        this.lateAnswer = image_id;
        return;
      }
      const freed = this.current.kind === 'theirs';
      this.held = true;
      this.show(MINE);
      if (freed) this.options.onFreed(image_id);
    } catch (error) {
      if (image_id !== this.image_id) return;
      if (error instanceof ApiError && error.code === 'not_found' && call === 'locks.heartbeat') {
        this.held = false;
        this.ask('locks.acquire');
      } else this.lost(error);
    }
  }

  private lost(error: unknown): void {
    if (!(error instanceof ApiError) || error.code !== 'locked') return;
    const details = lockedDetails.safeParse(error.details);
    if (!details.success) return;
    this.held = false;
    this.show({ kind: 'theirs', holder: details.data.holder });
  }

  private show(state: HoldState): void {
    if (state.kind === 'mine' && this.current.kind === 'mine') return;
    this.current = state;
    for (const listener of this.listeners) listener();
  }
}
