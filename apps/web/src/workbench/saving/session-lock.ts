import { deleteDB, openDB } from 'idb';

/** Tells sessions that a living tab holds from those of tabs that are gone. */
export interface SessionLocks {
  /** Holds a session for as long as the tab lives, crashes included, or until the answer is called. */
  hold(session: string): Promise<() => void>;
  /** Those that certainly no living tab holds. */
  dead(sessions: readonly string[]): Promise<string[]>;
}

/** The part of the Web Locks API that is used here. */
export type LockManagerLike = Pick<LockManager, 'request' | 'query'>;

const PREFIX = 'labelyard-session-';
const DAY_MS = 86_400_000;
/** A tab that does not answer for so long is asleep or busy, not gone. */
const ANSWER_MS = 1_000;

/** Web Locks where there are any: on https and localhost. */
export function sessionLocks(): SessionLocks {
  const locks = navigator.locks as LockManager | undefined;
  return locks ? webLocks(locks) : databaseLocks();
}

export function webLocks(locks: LockManagerLike): SessionLocks {
  return {
    hold: (session) =>
      new Promise((held) => {
        void locks.request(PREFIX + session, () => new Promise<void>((giveUp) => held(giveUp)));
      }),
    dead: async (sessions) => {
      const { held = [] } = await locks.query();
      const alive = new Set(held.map((lock) => lock.name));
      return [...new Set(sessions)].filter((session) => !alive.has(PREFIX + session));
    },
  };
}

/**
 * For plain http in a local network: each tab keeps a database of its own open. The browser lets nobody delete it before it is
 * closed, and closes it when the tab is gone, however that came about. Its version is the day it was made.
 */
export function databaseLocks(): SessionLocks {
  return {
    hold: async (session) => {
      const database = await openDB(PREFIX + session, today());
      void sweep();
      return () => {
        database.close();
        void forget(PREFIX + session);
      };
    },
    dead: async (sessions) => {
      const asked = [...new Set(sessions)];
      const gone = await Promise.all(asked.map((session) => isDeletable(PREFIX + session)));
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
