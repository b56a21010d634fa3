import type { MaintenanceNotice } from '@labelyard/contract';

type Listener = (notice: MaintenanceNotice | null) => void;

/** Maintenance by hand, for parts that only follow it. */
export class MaintenanceSwitch {
  notice: MaintenanceNotice | null = null;
  private readonly listeners = new Set<Listener>();

  readonly onChange = (listener: Listener) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  begin(): void {
    this.tell({ reason: 'Moving', expected_end: null, started_at: '2026-01-01T00:00:00.000Z' });
  }

  end(): void {
    this.tell(null);
  }

  private tell(notice: MaintenanceNotice | null): void {
    this.notice = notice;
    for (const listener of this.listeners) listener(notice);
  }
}
