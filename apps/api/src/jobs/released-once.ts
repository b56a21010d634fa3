import type pg from 'pg';

type Connected = Parameters<pg.Pool['connect']>[0];

/**
 * The pool, for the queue library: it gives back the connection it listens on a second time when that breaks while the library
 * stops, and does not look at what becomes of it. A second time does nothing here; else it would end the process.
 */
export function releasedOnce(pool: pg.Pool): pg.Pool {
  const connect = (connected?: Connected) => {
    if (!connected) return pool.connect();
    return pool.connect((error, client, release) => {
      let released = false;
      connected(error, client, (reason) => {
        if (released) return;
        released = true;
        release(reason);
      });
    });
  };
  return new Proxy(pool, {
    get(target, name) {
      if (name === 'connect') return connect;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
