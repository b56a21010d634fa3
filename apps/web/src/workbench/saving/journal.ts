import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { TaskType } from '@labelyard/domain';
import type { Entry } from './entry';
import type { OutboxChange } from './image-outbox';

/** Whose work on which image. A session is one tab's life: two tabs never touch each other's entries while both live. */
export interface JournalScope {
  readonly user_id: string;
  readonly session: string;
  readonly project_id: number;
  readonly image_id: number;
}

export interface JournalRecord extends JournalScope {
  readonly entry: Entry;
  /** Milliseconds since 1970. */
  readonly written_at: number;
}

export interface ConfirmationRecord extends JournalScope {
  readonly task_type: TaskType;
  readonly confirmed: boolean;
  readonly written_at: number;
}

interface JournalSchema extends DBSchema {
  entries: {
    key: [user_id: string, session: string, image_id: number, shape_id: string];
    value: JournalRecord & { shape_id: string };
    indexes: { by_user: string };
  };
  /** Images said to be done while the server took no changes. */
  confirmations: {
    key: [user_id: string, session: string, image_id: number, task_type: string];
    value: ConfirmationRecord;
    indexes: { by_user: string };
  };
}

const keyOf = ({ user_id, session, image_id }: JournalScope, shape_id: string) =>
  [user_id, session, image_id, shape_id] as [string, string, number, string];

/** The edits of this browser that the server has not confirmed, in IndexedDB: they survive a crash, a reload and a signed-out session. */
export class Journal {
  private constructor(private readonly db: IDBPDatabase<JournalSchema>) {}

  static async open(name = 'labelyard-journal'): Promise<Journal> {
    const db = await openDB<JournalSchema>(name, 2, {
      upgrade(database, from) {
        if (from < 1)
          database
            .createObjectStore('entries', { keyPath: ['user_id', 'session', 'image_id', 'shape_id'] })
            .createIndex('by_user', 'user_id');
        database
          .createObjectStore('confirmations', { keyPath: ['user_id', 'session', 'image_id', 'task_type'] })
          .createIndex('by_user', 'user_id');
      },
      // Another tab wants a newer schema: give way, a reload opens it again.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    return new Journal(db);
  }

  /**
   * Writes one change of an outbox as one transaction, on disk when it returns. It leaves this tab before the call does, and committed:
   * left to commit by itself, it would be undone with a tab that dies a moment later. Changes are written in the order of the calls.
   */
  async write(scope: JournalScope, { put, forget }: OutboxChange): Promise<void> {
    if (put.length === 0 && forget.length === 0) return;
    const transaction = this.db.transaction('entries', 'readwrite', { durability: 'strict' });
    for (const entry of put) {
      void transaction.store.put({ ...scope, shape_id: entry.shape_id, entry, written_at: Date.now() });
    }
    for (const shape_id of forget) void transaction.store.delete(keyOf(scope, shape_id));
    transaction.commit();
    await transaction.done;
  }

  /** Everything of this person that is not saved, oldest first. */
  async read(user_id: string): Promise<JournalRecord[]> {
    const records = await this.db.getAllFromIndex('entries', 'by_user', user_id);
    return records.sort((a, b) => a.written_at - b.written_at);
  }

  async writeConfirmation(
    scope: JournalScope,
    confirmation: { readonly task_type: TaskType; readonly confirmed: boolean },
  ): Promise<void> {
    const transaction = this.db.transaction('confirmations', 'readwrite', { durability: 'strict' });
    void transaction.store.put({ ...scope, ...confirmation, written_at: Date.now() });
    transaction.commit();
    await transaction.done;
  }

  async forgetConfirmation({ user_id, session, image_id }: JournalScope, task_type: TaskType): Promise<void> {
    await this.db.delete('confirmations', [user_id, session, image_id, task_type]);
  }

  /** Oldest first. */
  async readConfirmations(user_id: string): Promise<ConfirmationRecord[]> {
    const records = await this.db.getAllFromIndex('confirmations', 'by_user', user_id);
    return records.sort((a, b) => a.written_at - b.written_at);
  }

  /** Sessions of this person that left anything about a project. */
  async sessions({ user_id, project_id }: Pick<JournalScope, 'user_id' | 'project_id'>): Promise<string[]> {
    const records = [...(await this.read(user_id)), ...(await this.readConfirmations(user_id))];
    return records.filter((record) => record.project_id === project_id).map(({ session }) => session);
  }

  /**
   * Makes what dead sessions left of a project that of `session`, in one transaction: a crash in between changes nothing. What they
   * left of other projects stays for whoever opens those.
   */
  async adopt(
    { user_id, project_id, session }: Omit<JournalScope, 'image_id'>,
    dead: readonly string[],
  ): Promise<void> {
    const transaction = this.db.transaction(['entries', 'confirmations'], 'readwrite', { durability: 'strict' });
    const isLeft = (record: JournalScope) => record.project_id === project_id && dead.includes(record.session);
    const entries = transaction.objectStore('entries');
    for (const record of (await entries.index('by_user').getAll(user_id)).filter(isLeft)) {
      const key = keyOf({ ...record, session }, record.shape_id);
      // Two dead tabs may have edited one shape: the later edit stays under its own id, the earlier one is superseded.
      const mine = await entries.get(key);
      void entries.delete(keyOf(record, record.shape_id));
      if (!mine || mine.written_at <= record.written_at) void entries.put({ ...record, session });
    }
    const confirmations = transaction.objectStore('confirmations');
    for (const record of (await confirmations.index('by_user').getAll(user_id)).filter(isLeft)) {
      const { image_id, task_type } = record;
      const mine = await confirmations.get([user_id, session, image_id, task_type]);
      void confirmations.delete([user_id, record.session, image_id, task_type]);
      if (!mine || mine.written_at <= record.written_at) void confirmations.put({ ...record, session });
    }
    await transaction.done;
  }

  close(): void {
    this.db.close();
  }
}
