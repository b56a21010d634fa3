import type { LogLine } from '../jobs/queue-log.js';
import type { EventStreams } from './event-streams.js';
import type { ImageLocks } from './image-locks.js';
import type { Presence } from './presence.js';

/** How late a lock that has run out is told at most. */
const LOCKS_MS = 1_000;
const PRESENCE_MS = 10_000;

/** What every process does by the clock: frees locks that have run out, keeps its own streams present, forgets dead ones. */
export class LiveUpkeep {
  private readonly timers: NodeJS.Timeout[];

  constructor(locks: ImageLocks, presence: Presence, streams: EventStreams, log: LogLine) {
    const every = (ms: number, what: string, work: () => Promise<void>) => {
      let running = false;
      const timer = setInterval(() => {
        if (running) return;
        running = true;
        work()
          .catch((error: unknown) => log('warn', `${what} failed; tried again soon`, { err: error }))
          .finally(() => (running = false));
      }, ms);
      timer.unref();
      return timer;
    };
    this.timers = [
      every(LOCKS_MS, 'Freeing locks', () => locks.expire()),
      every(PRESENCE_MS, 'Keeping presence', async () => {
        await presence.keep(streams.present());
        await presence.expire();
      }),
    ];
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}
