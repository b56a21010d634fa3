import { deleteDB, openDB, type IDBPDatabase } from 'idb';

/** Tells what a living tab holds from what tabs left that are gone. */
export interface TabLife {
  /** Holds a name for as long as the tab lives, crashes included, or until the answer is called. */
  hold(name: string): Promise<() => void>;
  /** Those that certainly no living tab holds. */
  leftOf(names: readonly string[]): Promise<string[]>;
}

/** The part of the Web Locks API that is used here. */
export type LockManagerLike = Pick<LockManager, 'request' | 'query'>;

/** A connection that nobody refers to is closed. */
const open = new Set<IDBPDatabase>();
const PREFIX = 'labelyard-held-';
const DAY_MS = 86_400_000;
/** A tab that does not answer for so long is asleep or busy, not gone. */
const ANSWER_MS = 1_000;

/** Web Locks where there are any: on https and localhost. */
export function tabLife(): TabLife {
  const locks = navigator.locks as LockManager | undefined;
  return locks ? lifeByLocks(locks) : lifeByDatabases();
}

export function lifeByLocks(locks: LockManagerLike): TabLife {
  return {
    hold: (name) =>
      new Promise((held) => {
        void locks.request(PREFIX + name, () => new Promise<void>((giveUp) => held(giveUp)));
      }),
    leftOf: async (names) => {
      const { held = [] } = await locks.query();
      const alive = new Set(held.map((lock) => lock.name));
      return [...new Set(names)].filter((name) => !alive.has(PREFIX + name));
    },
  };
}

/**
 * For plain http in a local network: each tab keeps a database of its own open. The browser lets nobody delete it before it is
 * closed, and closes it when the tab is gone, however that came about. Its version is the day it was made.
 */
export function lifeByDatabases(): TabLife {
  return {
    hold: async (name) => {
      const database = await openDB(PREFIX + name, today());
      open.add(database);
      void sweep();
      return () => {
        open.delete(database);
        database.close();
        void forget(PREFIX + name);
      };
    },
    leftOf: async (names) => {
      const asked = [...new Set(names)];
      const gone = await Promise.all(asked.map((name) => isDeletable(PREFIX + name)));
      return asked.filter((_, index) => gone[index]);
    },
  };
}

function isDeletable(name: string): Promise<boolean> {
  return new Promise((answer, fail) => {
    const timer = setTimeout(() => answer(false), ANSWER_MS);
    deleteDB(name, { blocked: () => answer(false) })
      .then(() => answer(true), fail)
      .finally(() => clearTimeout(timer));
  });
}

/** Deletes what tabs of other days left, once nobody holds it. */
async function sweep(): Promise<void> {
  const all = await indexedDB.databases().catch(() => []);
  for (const { name, version = 0 } of all) if (name?.startsWith(PREFIX) && version < today() - 1) void forget(name);
}

/** A leftover costs a little space only, and a later tab tries again. */
async function forget(name: string): Promise<void> {
  await deleteDB(name).catch(() => undefined);
}

function today(): number {
  return Math.floor(Date.now() / DAY_MS);
}
