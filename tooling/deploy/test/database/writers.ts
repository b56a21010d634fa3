import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseOptions } from '@labelyard/db';
import pg from 'pg';

export interface Writers {
  /** Waits for the last write to be answered. */
  stop(): Promise<void>;
  /** Resolves with the number of acknowledged writes once there are that many. */
  written(least?: number): Promise<number>;
  /** Writes refused with LY503. */
  refused(): number;
  /** Errors that no writer should see. */
  unexpected(): readonly string[];
  /** Rows that were acknowledged and are not, or not so, in a database; and those it has without an acknowledgement. */
  lost(database: DatabaseOptions): Promise<string[]>;
}

let runs = 0;

/**
 * People who never stop: each inserts, changes and deletes rows of their own in short and in lingering transactions, and remembers what
 * was acknowledged.
 */
export async function startWriters(database: DatabaseOptions, count: number): Promise<Writers> {
  const stopping = new AbortController();
  const kept = new Map<string, number>();
  const errors: string[] = [];
  let [written, refused] = [0, 0];
  const prefix = `writer ${(runs += 1)}.`;

  const write = async (client: pg.Client, me: string, round: number) => {
    const changes = new Map<string, number | null>();
    await client.query(round % 5 === 4 ? 'begin isolation level repeatable read' : 'begin');
    const key = `${me} ${round}`;
    await client.query('insert into by_text (key, value) values ($1, $2)', [key, -round]);
    changes.set(key, -round);
    const own = [...kept.keys()].filter((name) => name.startsWith(`${me} `));
    const other = own[round % Math.max(own.length, 1)];
    if (other && round % 3 === 0) {
      await client.query('update by_text set value = value - 1000 where key = $1', [other]);
      changes.set(other, (kept.get(other) ?? 0) - 1_000);
    } else if (other && round % 7 === 5) {
      await client.query('delete from by_text where key = $1', [other]);
      changes.set(other, null);
    }
    await client.query(
      `insert into children (parent_id, n) values ($1, $2) on conflict (parent_id, n) do update set tags = children.tags || '[1]'`,
      [1 + (round % 50), 1_000 + (round % 10)],
    );
    if (round % 4 === 1) await delay(15);
    await client.query('commit');
    for (const [name, value] of changes)
      if (value === null) kept.delete(name);
      else kept.set(name, value);
    written += 1;
  };

  const work = async (me: string) => {
    const client = new pg.Client({ connectionString: database.url, application_name: 'writer' });
    await client.connect();
    for (let round = 0; !stopping.signal.aborted; round += 1) {
      try {
        await write(client, me, round);
      } catch (error) {
        await client.query('rollback');
        const { code, message } = error as pg.DatabaseError;
        if (code === 'LY503') refused += 1;
        // Two writers on one row: every application tries again.
        else if (code !== '40001' && code !== '40P01') errors.push(message);
        await delay(5);
      }
    }
    await client.end();
  };
  const working = Promise.all(Array.from({ length: count }, (_, n) => work(`${prefix}${n}`)));
  return {
    async stop() {
      stopping.abort();
      await working;
    },
    async written(least = 0) {
      while (written < least) await delay(5);
      return written;
    },
    refused: () => refused,
    unexpected: () => errors,
    async lost({ url }) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const { rows } = await client.query<{ key: string; value: number }>(
        'select key, value from by_text where starts_with(key, $1)',
        [prefix],
      );
      await client.end();
      const there = new Map(rows.map(({ key, value }) => [key, value]));
      return [...new Set([...kept.keys(), ...there.keys()])]
        .filter((key) => kept.get(key) !== there.get(key))
        .map((key) => `${key}: acknowledged ${kept.get(key)}, found ${there.get(key)}`);
    },
  };
}
