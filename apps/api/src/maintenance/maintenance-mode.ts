import type { MaintenanceNotice } from '@labelyard/contract';
import type { LabelerDb, MaintenanceState } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { Events } from '../events/events.js';
import type { LogLine } from '../jobs/queue-log.js';

/** How soon a state that could not be read is asked for again. */
const AGAIN_MS = 1_000;

type Listener = (notice: MaintenanceNotice | null) => void;

/**
 * Whether the installation is read-only for now, known to this process without asking. The table tells of each change; what
 * may have been missed while the database session was lost is read again when it is back.
 */
export class MaintenanceMode {
  private current: MaintenanceNotice | null = null;
  private readonly listeners = new Set<Listener>();
  private reading: Promise<void> = Promise.resolve();
  private again: NodeJS.Timeout | null = null;
  private unsubscribe: (() => void) | null = null;

  constructor(
    private readonly db: Pick<LabelerDb, 'maintenance'>,
    private readonly events: Pick<Events, 'subscribe'>,
    private readonly log: LogLine,
  ) {}

  /** Null while everything works. */
  get notice(): MaintenanceNotice | null {
    return this.current;
  }

  async start(): Promise<void> {
    this.unsubscribe = this.events.subscribe('maintenance', () => void this.refresh());
    await this.refresh();
  }

  stop(): void {
    this.unsubscribe?.();
    if (this.again) clearTimeout(this.again);
  }

  /** Reads the state; resolves when it is known here. One reading after the other, so that the last one counts. */
  refresh(): Promise<void> {
    this.reading = this.reading.then(() => this.read());
    return this.reading;
  }

  /** Calls `listener` after each change. Answers how to stop. */
  onChange(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** @throws maintenance */
  assertOff(): void {
    if (!this.current) return;
    const { reason } = this.current;
    throw new DomainError('maintenance', `Nothing can be changed for now: ${reason}`, this.current);
  }

  private async read(): Promise<void> {
    if (this.again) clearTimeout(this.again);
    this.again = null;
    try {
      this.take(noticeOf(await this.db.maintenance.state()));
    } catch (error) {
      this.log('warn', 'Whether there is maintenance could not be read; trying again', { err: error });
      this.again = setTimeout(() => void this.refresh(), AGAIN_MS).unref();
    }
  }

  private take(notice: MaintenanceNotice | null): void {
    if (JSON.stringify(notice) === JSON.stringify(this.current)) return;
    this.current = notice;
    this.log('info', notice ? 'In maintenance: changes are refused' : 'Maintenance is over', { ...notice });
    for (const listener of this.listeners) listener(notice);
  }
}

/** What everybody may know of it; who began it stands in the audit log. */
export function noticeOf(state: MaintenanceState | null): MaintenanceNotice | null {
  return state && { reason: state.reason, expected_end: state.expected_end, started_at: state.started_at };
}
