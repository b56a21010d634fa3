import type { AuditEntry, LabelerDb, LateEntry } from '@labelyard/db';
import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { InjectLabelerDb, InjectLog } from '../connections.js';
import { MaintenanceMode } from '../maintenance/maintenance-mode.js';

const WINDOW_MS = 60_000;
/** Entries a minute about one person or address, and about all, in one process: a flood must not fill the disk. */
const PER_PERSON = 30;
const PER_PROCESS = 600;
/** Entries leave together. */
const FLUSH_MS = 150;
/** How long looking at the same thing again is not worth another entry. */
const SEEN_MS = 3_600_000;
const MOST_SEEN = 10_000;
/** Entries kept back in maintenance at most. */
const MOST_WAITING = 20_000;

/**
 * Entries of the audit log about what changes nothing: refusals, and links given out. They are written shortly after the
 * answer, so that they neither slow a request nor make it fail, and only so many of them. In maintenance the log stands still:
 * they wait here until it ends.
 */
@Injectable()
export class AuditTrail implements BeforeApplicationShutdown {
  private readonly counts = new Map<string, number>();
  private readonly seen = new Map<string, number>();
  private window_ends = 0;
  private total = 0;
  private dropped = 0;
  private waiting: LateEntry[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private ending = false;

  constructor(
    @InjectLabelerDb() private readonly db: Pick<LabelerDb, 'audit'>,
    @InjectLog() private readonly log: Pick<Logger, 'warn'>,
    @Inject(MaintenanceMode) private readonly maintenance: Pick<MaintenanceMode, 'notice' | 'onChange'>,
  ) {
    maintenance.onChange((notice) => {
      if (!notice) this.flush();
    });
  }

  /** `who` is counted: a person's id, or an address. */
  note(who: string, entry: Omit<LateEntry, 'happened_at'>, now = Date.now()): void {
    if (!this.admits(who, now)) return;
    this.waiting.push({ ...entry, happened_at: new Date(now).toISOString() });
    this.timer ??= setTimeout(() => this.flush(), FLUSH_MS).unref();
  }

  /** The same, once an hour for the same `what`. */
  noteOnce(who: string, what: string, entry: Omit<LateEntry, 'happened_at'>, now = Date.now()): void {
    const key = `${who} ${what}`;
    if ((this.seen.get(key) ?? 0) > now) return;
    if (this.seen.size >= MOST_SEEN) this.seen.clear();
    this.seen.set(key, now + SEEN_MS);
    this.note(who, entry, now);
  }

  /**
   * For what only looks but is always written down before it is answered. The log stands still in maintenance, and looking
   * goes on: then it is told afterwards.
   */
  async record(who: string, entry: AuditEntry & { readonly request_id: string }): Promise<void> {
    if (this.maintenance.notice) this.note(who, entry);
    else await this.db.audit.record(entry);
  }

  /** Resolves when everything noted so far is written. */
  async settled(): Promise<void> {
    this.flush();
    await this.writing;
  }

  /** The last chance, maintenance or not: who is refused now loses them, and the log says so. */
  async beforeApplicationShutdown(): Promise<void> {
    this.ending = true;
    await this.settled();
    this.report();
  }

  private admits(who: string, now: number): boolean {
    if (now >= this.window_ends) {
      this.report();
      this.counts.clear();
      this.total = 0;
      this.window_ends = now + WINDOW_MS;
    }
    const count = (this.counts.get(who) ?? 0) + 1;
    this.counts.set(who, count);
    if (count <= PER_PERSON && this.total < PER_PROCESS && this.waiting.length < MOST_WAITING) {
      this.total += 1;
      return true;
    }
    this.dropped += 1;
    return false;
  }

  private report(): void {
    if (this.dropped > 0)
      this.log.warn({ dropped: this.dropped }, 'Entries were left out of the audit log: too many a minute');
    this.dropped = 0;
  }

  private flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.maintenance.notice && !this.ending) return;
    const entries = this.waiting;
    this.waiting = [];
    if (entries.length === 0) return;
    this.writing = this.writing
      .then(() => this.db.audit.recordLate(entries))
      .catch((error: unknown) => {
        this.log.warn({ err: error, lost: entries.length }, 'Entries of the audit log could not be written');
      });
  }
}
