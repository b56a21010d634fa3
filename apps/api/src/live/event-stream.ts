import type { ProjectEvent, StreamEnd } from '@labelyard/contract';
import type { ServerResponse } from 'node:http';

/** What waits for a reader at most; whoever is further behind reads anew instead. */
const MOST_WAITING_BYTES = 256 * 1024;
/** A reader that has taken nothing for so long is gone. */
const LONGEST_SILENCE_MS = 40_000;

/** One event as it goes over the line. JSON holds no line break, so one `data:` line carries it. */
export function frame(event: ProjectEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

const RESYNC = frame({ type: 'resync' });

/** The open line to one reader. Memory is bounded: events a slow reader cannot take are left out and it is told so. */
export class EventStream {
  private behind_since: number | null = null;

  constructor(
    private readonly response: ServerResponse,
    private readonly now: () => number = Date.now,
  ) {
    response.on('drain', () => {
      if (this.behind_since === null) return;
      this.behind_since = null;
      this.write(RESYNC);
    });
    // A reader that breaks off is heard of by `close`.
    response.on('error', () => undefined);
  }

  /** @param text made by {@link frame}, once for all readers */
  write(text: string): void {
    if (this.response.destroyed || this.response.writableEnded) return;
    if (this.behind_since !== null) {
      if (this.now() - this.behind_since > LONGEST_SILENCE_MS) this.response.destroy();
      return;
    }
    this.response.write(text);
    if (this.response.writableLength > MOST_WAITING_BYTES) this.behind_since = this.now();
  }

  /** Says why, if for good, and closes. */
  end(reason?: StreamEnd): void {
    if (this.response.destroyed || this.response.writableEnded) return;
    // What a slow reader has not taken yet would keep the line open.
    if (this.behind_since !== null) return void this.response.destroy();
    this.response.end(reason && frame({ type: 'gone', reason }));
  }
}
