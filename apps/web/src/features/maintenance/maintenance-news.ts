import type { MaintenanceNotice } from '@labelyard/contract';

type Listener = (notice: MaintenanceNotice | null) => void;

/** Whether changes are refused for now, as this tab knows it: told by its live line, read where it has none. */
export class MaintenanceNews {
  private notice: MaintenanceNotice | null = null;
  private readonly listeners = new Set<Listener>();

  /** The same object until it changes. */
  readonly current = (): MaintenanceNotice | null => this.notice;

  readonly subscribe = (listener: Listener): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  hear(notice: MaintenanceNotice | null): void {
    if (JSON.stringify(notice) === JSON.stringify(this.notice)) return;
    this.notice = notice;
    for (const listener of [...this.listeners]) listener(notice);
  }
}

/** The tab's. */
export const maintenanceNews = new MaintenanceNews();
