/** The part of the Web Locks API that is used here. */
export type LockManagerLike = Pick<LockManager, 'request' | 'query'>;

const PREFIX = 'labelyard-session-';

/**
 * Holds a lock named after this tab's session until it is given up: the browser releases it even when the tab crashes, so
 * other tabs can tell which sessions in the journal are dead. Answers how to give it up.
 */
export function holdSession(session: string, locks: LockManagerLike): Promise<() => void> {
  return new Promise((held) => {
    void locks.request(PREFIX + session, () => new Promise<void>((giveUp) => held(giveUp)));
  });
}

/** Those of `sessions` that no living tab holds. */
export async function deadSessions(sessions: readonly string[], locks: LockManagerLike): Promise<string[]> {
  const { held = [] } = await locks.query();
  const alive = new Set(held.map((lock) => lock.name));
  return [...new Set(sessions)].filter((session) => !alive.has(PREFIX + session));
}
