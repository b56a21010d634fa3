import { retryDelay, type Blocked, type WaitingReason } from './save-state';

export interface ScheduleOptions {
  readonly setTimer?: ((run: () => void, ms: number) => () => void) | undefined;
  readonly now?: (() => number) | undefined;
}

/** When an outbox sends again, and why it does not send now. */
export class SendSchedule {
  /** Null: nothing keeps it from sending. */
  blocked: Blocked | null = null;
  private failures = 0;
  private closed = false;
  private cancelTimer: (() => void) | null = null;

  constructor(
    private readonly send: () => void,
    private readonly options: ScheduleOptions,
  ) {}

  /** Sends then, and not when it was planned before. */
  in(ms: number): void {
    if (this.closed) return;
    this.cancelTimer?.();
    this.cancelTimer = (this.options.setTimer ?? browserTimer)(this.send, ms);
  }

  /** It sends now: what was planned is done by that. */
  begin(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    this.blocked = null;
  }

  /** The server takes what is sent. */
  succeeded(): void {
    this.failures = 0;
  }

  waitFor(reason: WaitingReason | 'locked', ms: number): void {
    this.in(ms);
    this.blocked = { kind: 'waiting', reason, retry_at: (this.options.now ?? Date.now)() + ms };
  }

  /** Longer after each failure in a row, and as long as the server says (seconds). */
  backOff(reason: WaitingReason, retry_after: number | undefined): void {
    this.failures++;
    this.waitFor(reason, retryDelay(this.failures, retry_after));
  }

  /** Until somebody signs in. */
  waitForPerson(): void {
    this.blocked = { kind: 'signed_out' };
  }

  close(): void {
    this.closed = true;
    this.cancelTimer?.();
    this.cancelTimer = null;
  }
}

function browserTimer(run: () => void, ms: number): () => void {
  const id = setTimeout(run, ms);
  return () => clearTimeout(id);
}
