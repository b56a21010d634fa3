import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { OnDuplicate } from '@labelyard/contract';
import type { UploadItem } from './upload-item';

/** One upload into one dataset, by one person in this browser. */
export interface StoredRun {
  readonly id: string;
  readonly user_id: string;
  readonly dataset_id: number;
  readonly project_id: number;
  readonly dataset_name: string;
  readonly on_duplicate: OnDuplicate;
  /** ISO 8601. */
  readonly created_at: string;
}

interface Schema extends DBSchema {
  runs: { key: string; value: StoredRun; indexes: { user_id: string } };
  items: { key: [string, number]; value: UploadItem };
}

/** Uploads on disk, so that a reload, a crash or a flat battery costs nothing but the time. */
export class UploadStore {
  private constructor(private readonly db: IDBPDatabase<Schema>) {}

  /** @throws when the browser keeps nothing (private windows of some) */
  static async open(name = 'labelyard-uploads'): Promise<UploadStore> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        fresh.createObjectStore('runs', { keyPath: 'id' }).createIndex('user_id', 'user_id');
        fresh.createObjectStore('items', { keyPath: ['run_id', 'n'] });
      },
    });
    return new UploadStore(db);
  }

  async runsOf(userId: string): Promise<StoredRun[]> {
    return this.db.getAllFromIndex('runs', 'user_id', userId);
  }

  async itemsOf(runId: string): Promise<UploadItem[]> {
    return this.db.getAll('items', within(runId));
  }

  async saveRun(run: StoredRun): Promise<void> {
    await this.db.put('runs', run);
  }

  /** Writes many items in one transaction: all or none. */
  async saveItems(items: readonly UploadItem[]): Promise<void> {
    if (items.length === 0) return;
    const tx = this.db.transaction('items', 'readwrite');
    for (const item of items) void tx.store.put(item);
    await tx.done;
  }

  async deleteRun(runId: string): Promise<void> {
    const tx = this.db.transaction(['runs', 'items'], 'readwrite');
    void tx.objectStore('items').delete(within(runId));
    void tx.objectStore('runs').delete(runId);
    await tx.done;
  }

  close(): void {
    this.db.close();
  }
}

function within(runId: string): IDBKeyRange {
  return IDBKeyRange.bound([runId, 0], [runId, Number.MAX_SAFE_INTEGER]);
}
