import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startCluster } from '@labelyard/embedded-postgres';
import { DomainError } from '@labelyard/domain';
import pg from 'pg';
import { poolOf } from '../src/connection/data-source.js';
import { CONSTRAINTS } from '../src/connection/error-table.js';
import { PoolConnection } from '../src/connection/pool-connection.js';
import { createLabelerDb, createUserDb, type DatabaseOptions, type LabelerDb, runMigrations } from '../src/index.js';
import { createTestDatabases, type TestDatabases } from '../src/testing/index.js';
import { create, newDataset, newWorld } from './world.js';

let databases: TestDatabases;
let db: LabelerDb;

beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
});
afterAll(() => databases?.close());

/** Another handle on the same database, closed afterwards. */
async function withDb<T>(options: Partial<DatabaseOptions>, work: (other: LabelerDb) => Promise<T>): Promise<T> {
  const other = await createLabelerDb({ url: databases.labelerUrl, applicationName: 'other', ...options });
  try {
    return await work(other);
  } finally {
    await other.close();
  }
}

const unavailable = { code: 'database_unavailable' };

describe('values', () => {
  const one = (expression: string) => db.sql.one<{ v: unknown }>(`select ${expression} as v`).then((row) => row?.v);

  test('bigint, numeric and times come as numbers and ISO text', async () => {
    expect(await one(`9007199254740991::bigint`)).toBe(Number.MAX_SAFE_INTEGER);
    expect(await one(`(-5)::bigint`)).toBe(-5);
    expect(await one(`array[1, null, 3]::bigint[]`)).toEqual([1, null, 3]);
    expect(await one(`'{}'::bigint[]`)).toEqual([]);
    expect(await one(`1.5::numeric`)).toBe(1.5);
    expect(await one(`timestamptz '2026-11-22 15:49:58.12+00'`)).toBe('2026-11-22T15:49:58.120Z');
    expect(await one(`timestamptz '2026-11-22 15:49:58.123999+00'`)).toBe('2026-11-22T15:49:58.123Z');
    expect(await one(`timestamptz '2026-11-22 15:49:58+09:30'`)).toBe('2026-11-22T06:19:58.000Z');
    expect(await one(`null::timestamptz`)).toBeNull();
    expect(await one(`'{"a": [1]}'::json`)).toEqual({ a: [1] });
  });

  test('a bigint that loses digits is an error, not a wrong number', async () => {
    await expect(one(`9007199254740993::bigint`)).rejects.toThrow('9007199254740993');
    await expect(one(`'infinity'::timestamptz`)).rejects.toThrow('infinity');
  });

  test('other users of pg in the process keep its own ways', async () => {
    const client = new pg.Client(databases.labelerUrl);
    await client.connect();
    const { rows } = await client.query<{ id: string; at: unknown }>(`select 1::bigint as id, now() as at`);
    await client.end();
    expect(rows[0]?.id).toBe('1');
    expect(rows[0]?.at).toBeInstanceOf(Date);
  });

  test('times written by SQL as JSON and times read as columns are the same text', async () => {
    const world = await newWorld(db);
    const [made] = await db.annotations.applyOperations(world.scope(), [create(world)]);
    const row = await db.sql.one(`select created_at, updated_at from annotations where id = $1`, [made?.annotation_id]);
    expect(await db.annotations.get(made?.annotation_id as number)).toMatchObject(row as object);
  });
});

test('sessions are set up as asked', async () => {
  await withDb(
    {
      applicationName: 'labelyard-api',
      statementTimeoutMs: 4_000,
      idleInTransactionTimeoutMs: 7_000,
      pool: { max: 2 },
    },
    async (other) => {
      const setting = async (name: string) =>
        (await other.sql.one<{ v: string }>(`select current_setting($1) as v`, [name]))?.v;
      expect(await setting('application_name')).toBe('labelyard-api');
      expect(await setting('statement_timeout')).toBe('4s');
      expect(await setting('idle_in_transaction_session_timeout')).toBe('7s');
      expect(await setting('TimeZone')).toBe('UTC');
      expect(await setting('jit')).toBe('off');
      expect(other.poolStats()).toEqual({ total: 1, idle: 1, waiting: 0, max: 2 });
    },
  );
});

describe('transactions', () => {
  const countOf = async (name: string) =>
    (await db.sql.one<{ n: number }>(`select count(*) as n from datasets where name = $1`, [name]))?.n;

  test('commit together or not at all', async () => {
    await db.transaction(async (tx) => {
      await newDataset(tx as LabelerDb, { name: 'kept' });
      await newDataset(tx as LabelerDb, { name: 'kept' });
      expect(await countOf('kept')).toBe(0);
    });
    expect(await countOf('kept')).toBe(2);
    const failure = new Error('no');
    await expect(
      db.transaction(async (tx) => {
        await newDataset(tx as LabelerDb, { name: 'lost' });
        throw failure;
      }),
    ).rejects.toBe(failure);
    expect(await countOf('lost')).toBe(0);
    expect(db.poolStats()).toMatchObject({ waiting: 0 });
  });

  test('nest: what is inside can fail alone', async () => {
    await db.transaction(async (tx) => {
      await newDataset(tx as LabelerDb, { name: 'outer' });
      await tx.transaction(async (inner) => {
        await newDataset(inner as LabelerDb, { name: 'middle' });
        await expect(
          inner.transaction(async (innermost) => {
            await newDataset(innermost as LabelerDb, { name: 'innermost' });
            await newDataset(innermost as LabelerDb, { name: 'bad', task_types: ['x' as never] });
          }),
        ).rejects.toMatchObject({ code: 'validation_failed' });
        await newDataset(inner as LabelerDb, { name: 'middle' });
      });
    });
    expect([await countOf('outer'), await countOf('middle'), await countOf('innermost')]).toEqual([1, 2, 0]);
  });

  test('that swallow a failed statement are told so instead of pretending to commit', async () => {
    await expect(
      db.transaction(async (tx) => {
        await newDataset(tx as LabelerDb, { name: 'swallowed' });
        await tx.sql.rows('select 1 / 0').catch(() => undefined);
      }),
    ).rejects.toThrow('nothing was committed');
    expect(await countOf('swallowed')).toBe(0);
  });

  test('are done again after a deadlock', async () => {
    const [first, second] = [await newDataset(db), await newDataset(db)];
    let runs = 0;
    let arrived = 0;
    let bothHold: () => void = () => undefined;
    const meeting = new Promise<void>((resolve) => (bothHold = resolve));
    const touch = (ids: readonly [number, number]) =>
      db.transaction(async (tx) => {
        runs += 1;
        await tx.sql.run(`update datasets set description = description || 'x' where id = $1`, [ids[0]]);
        if ((arrived += 1) === 2) bothHold();
        await meeting;
        await tx.sql.run(`update datasets set description = description || 'x' where id = $1`, [ids[1]]);
      });
    await Promise.all([touch([first.id, second.id]), touch([second.id, first.id])]);
    expect(runs).toBe(3);
    expect(await db.sql.rows(`select description from datasets where id in ($1, $2)`, [first.id, second.id])).toEqual([
      { description: 'xx' },
      { description: 'xx' },
    ]);
  });

  test('are done again a bounded number of times, and only for what can change', async () => {
    const raising = (state: string) => {
      let runs = 0;
      const done = db.transaction(async (tx) => {
        runs += 1;
        await tx.sql.run(`do $$ begin raise exception 'x' using errcode = '${state}'; end $$`);
      });
      return done.then(
        () => ({ runs, error: undefined }),
        (error: unknown) => ({ runs, error }),
      );
    };
    expect(await raising('40001')).toMatchObject({ runs: 4, error: unavailable });
    expect(await raising('23505')).toMatchObject({ runs: 1, error: { code: 'duplicate' } });
  });
});

describe('a statement that brings the commit with it', () => {
  const rename = `update datasets set name = $2 where id = $1 returning name`;
  const nameOf = async (id: number) =>
    (await db.sql.one<{ name: string }>(`select name from datasets where id = $1`, [id]))?.name;
  const withPool = <T>(work: (pool: PoolConnection) => Promise<T>) =>
    withDb({}, (other) => work(new PoolConnection(poolOf(other.dataSource))));

  test('ends the transaction: nothing can follow', async () => {
    const { id } = await newDataset(db);
    await withPool(async (pool) => {
      const rows = await pool.transaction(async (transaction) => {
        const renamed = await transaction.lastly(rename, [id, 'last']);
        await expect(transaction.rows('select 1')).rejects.toThrow('ended with its last statement');
        return renamed;
      });
      expect(rows).toEqual([{ name: 'last' }]);
    });
    expect(await nameOf(id)).toBe('last');
  });

  test('commits nothing when it fails, and the connection goes on', async () => {
    const { id } = await newDataset(db, { name: 'before' });
    await withPool(async (pool) => {
      for (let round = 0; round < 2; round += 1)
        await expect(
          pool.transaction(async (transaction) => {
            await transaction.rows(rename, [id, 'changed']);
            return transaction.lastly(`select 1 / (id - $1) from datasets where id = $1`, [id]);
          }),
        ).rejects.toThrow('division by zero');
      expect(await pool.rows('select 1 as one')).toEqual([{ one: 1 }]);
    });
    expect(await nameOf(id)).toBe('before');
  });

  test('of one that notifies is on disk when it is over, and what failed is not committed', async () => {
    const { id } = await newDataset(db, { name: 'before' });
    const heard = new pg.Client({ connectionString: databases.labelerUrl });
    // What fails here is told, and not that the database of the test went away under it.
    heard.on('error', () => undefined);
    await heard.connect();
    await withDb({ pool: { max: 1 } }, async (other) => {
      const pool = new PoolConnection(poolOf(other.dataSource));
      // Of this session: the databases of tests wait for no disk.
      await pool.rows('set synchronous_commit = on');
      const news = new Promise<string | undefined>((tell) => heard.on('notification', ({ payload }) => tell(payload)));
      await heard.query('listen spec_news');
      for (let round = 0; round < 20; round += 1) {
        const written = await pool.transaction(async (transaction) => {
          transaction.notifies();
          await transaction.rows(rename, [id, `told ${round}`]);
          const [row] = await transaction.rows<{ lsn: string }>(`select pg_current_wal_insert_lsn()::text as lsn`);
          await transaction.lastly(`select pg_notify('spec_news', 'renamed')`);
          return row?.lsn;
        });
        const [disk] = await pool.rows(`select pg_current_wal_flush_lsn() >= $1::pg_lsn as flushed`, [written]);
        expect(disk).toEqual({ flushed: true });
      }
      expect(await news).toBe('renamed');
      const failing = pool.transaction(async (transaction) => {
        transaction.notifies();
        await transaction.rows(rename, [id, 'lost']);
        await transaction.lastly(`select 1 / (id - $1) from datasets where id = $1`, [id]);
      });
      await expect(failing).rejects.toThrow('division by zero');
    });
    await heard.end();
    expect(await nameOf(id)).toBe('told 19');
  });

  test('is like any other within a larger transaction', async () => {
    const { id } = await newDataset(db, { name: 'before' });
    await withPool(async (pool) => {
      const failure = new Error('no');
      await expect(
        pool.transaction(async (transaction) => {
          await transaction.atomic((inner) => inner.lastly(rename, [id, 'atomic']));
          await transaction.savepoint(() => transaction.lastly(rename, [id, 'nested']));
          throw failure;
        }),
      ).rejects.toBe(failure);
    });
    expect(await nameOf(id)).toBe('before');
  });
});

describe('time-outs', () => {
  test('of statements, of locks, of waiting for a connection', async () => {
    await withDb({ statementTimeoutMs: 50, pool: { max: 1, acquireTimeoutMs: 2_000 } }, async (other) => {
      await expect(other.sql.rows(`select pg_sleep(30)`)).rejects.toMatchObject(unavailable);
      await other.transaction(async () => {
        await expect(other.sql.rows(`select 1`)).rejects.toMatchObject(unavailable);
      });
      expect(await other.sql.one(`select 1 as v`)).toEqual({ v: 1 });
      const { id } = await newDataset(db);
      await db.transaction(async (tx) => {
        await tx.sql.run(`update datasets set name = 'held' where id = $1`, [id]);
        await expect(
          other.transaction(async (waiting) => {
            await waiting.sql.run(`set local lock_timeout = '20ms'`);
            await waiting.sql.run(`update datasets set name = 'wanted' where id = $1`, [id]);
          }),
        ).rejects.toMatchObject(unavailable);
      });
    });
  });

  test('of a transaction somebody forgot', async () => {
    await withDb({ idleInTransactionTimeoutMs: 20, pool: { max: 1 } }, async (other) => {
      await expect(
        other.transaction(async (tx) => {
          await tx.sql.rows('select 1');
          // Asked from outside until the server has ended it.
          const alive = `select from pg_stat_activity where datname = current_database() and application_name = 'other'`;
          while (await db.sql.one(alive)) await new Promise((resolve) => setImmediate(resolve));
          await tx.sql.rows('select 1');
        }),
      ).rejects.toMatchObject(unavailable);
      expect(await other.sql.one(`select 1 as v`)).toEqual({ v: 1 });
    });
  });
});

describe('lost connections', () => {
  const killOthers = () =>
    db.sql.rows(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and application_name = 'other'`,
    );

  test('while idle are reported and replaced', async () => {
    const reported: Error[] = [];
    await withDb({ onConnectionError: (error) => reported.push(error), pool: { max: 3 } }, async (other) => {
      await Promise.all([other.ping(), other.ping(), other.ping()]);
      const before = other.poolStats().total;
      await killOthers();
      while (other.poolStats().total > 0) await new Promise((resolve) => setImmediate(resolve));
      expect(reported).toHaveLength(before);
      await other.ping();
      expect(other.poolStats()).toMatchObject({ total: 1, idle: 1 });
    });
  });

  test('inside a transaction end it; the next one has a new connection', async () => {
    await withDb({ pool: { max: 1 } }, async (other) => {
      await expect(
        other.transaction(async (tx) => {
          await newDataset(tx as LabelerDb, { name: 'cut off' });
          await killOthers();
          await newDataset(tx as LabelerDb, { name: 'cut off' });
        }),
      ).rejects.toMatchObject(unavailable);
      await newDataset(other, { name: 'after the cut' });
      expect(await db.sql.rows(`select name from datasets where name in ('cut off', 'after the cut')`)).toEqual([
        { name: 'after the cut' },
      ]);
    });
  });

  test('to nowhere are told at once', async () => {
    const url = new URL(databases.labelerUrl);
    url.port = '1';
    await expect(createLabelerDb({ url: url.href, applicationName: 'x' })).rejects.toMatchObject(unavailable);
    url.port = new URL(databases.labelerUrl).port;
    url.pathname = '/no_such_database';
    await expect(createUserDb({ url: url.href, applicationName: 'x' })).rejects.toMatchObject({
      ...unavailable,
      message: 'The database does not exist',
    });
    url.password = 'wrong-password';
    const refused = await createLabelerDb({ url: url.href, applicationName: 'x' }).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ ...unavailable, message: 'The database refuses the login' });
    expect(JSON.stringify(refused)).not.toContain('wrong-password');
    expect(() => new URL('not a url')).toThrow();
    await expect(createLabelerDb({ url: 'http://u:secret@h/db', applicationName: 'x' })).rejects.toThrow(
      /must look like postgres:/u,
    );
  });

  test('after close there is no way in', async () => {
    const other = await createLabelerDb({ url: databases.labelerUrl, applicationName: 'other' });
    await other.close();
    await other.close();
    await expect(other.ping()).rejects.toMatchObject(unavailable);
    await expect(other.transaction(async () => 1)).rejects.toMatchObject(unavailable);
  });

  test('a database that is restarted is found again, with everything that was acknowledged', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'labelyard-restart-'));
    const options = { dataDir: join(folder, 'data'), port: 0, superuser: 'postgres', password: 'restart-test' };
    let cluster = await startCluster({ ...options, fast: true });
    const url = cluster.url('postgres');
    const other = await createLabelerDb({ url, applicationName: 'restart', pool: { acquireTimeoutMs: 5_000 } });
    try {
      await runMigrations(other);
      const world = await newWorld(other);
      const operation = create(world);
      const [first] = await other.annotations.applyOperations(world.scope(), [operation]);
      const interrupted = other.transaction(async (tx) => {
        await tx.annotations.applyOperations(world.scope(), [create(world)]);
        await cluster.stop();
        await tx.annotations.applyOperations(world.scope(), [create(world)]);
      });
      await expect(interrupted).rejects.toMatchObject(unavailable);
      await expect(other.ping()).rejects.toMatchObject(unavailable);
      await expect(other.annotations.applyOperations(world.scope(), [create(world)])).rejects.toMatchObject(
        unavailable,
      );

      cluster = await startCluster({ ...options, port: cluster.port, fast: true });
      await other.ping();
      const [again] = await other.annotations.applyOperations(world.scope(), [operation]);
      expect(again).toEqual({ ...first, replayed: true });
      expect(JSON.parse(await other.annotations.loadImage(world.scope()))).toHaveLength(1);
    } finally {
      await other.close();
      await cluster.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});

test('every constraint the error table names exists', async () => {
  const named = `select conname as name from pg_constraint union select relname from pg_class where relkind = 'i'`;
  const existing = new Set(
    [
      ...(await db.sql.rows<{ name: string }>(named)),
      ...(await databases.users.dataSource.query<{ name: string }[]>(named)),
    ].map(({ name }) => name),
  );
  const raised = (
    await db.sql.rows<{ source: string }>(`select prosrc as source from pg_proc where prosrc like '%constraint = %'`)
  ).map(({ source }) => source);
  for (const name of Object.keys(CONSTRAINTS)) {
    expect([name, existing.has(name) || raised.some((source) => source.includes(`'${name}'`))]).toEqual([name, true]);
  }
});

test('errors without a meaning for people come through as they are', async () => {
  const failure = await db.sql.rows('select * from no_such_table').catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Error);
  expect(failure).not.toBeInstanceOf(DomainError);
});
