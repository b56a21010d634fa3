import { createClient, createPool, type LabelerDb } from '@labelyard/db';
import { createTestDatabases, type TestDatabases } from '@labelyard/db/testing';
import { DomainError } from '@labelyard/domain';
import type pg from 'pg';
import { Events } from '../src/events/events.js';
import { SteadyConnection } from '../src/events/steady-connection.js';
import { JobRegistry, type JobHandler } from '../src/jobs/job-registry.js';
import { JobRunner } from '../src/jobs/job-runner.js';
import { migrateQueue } from '../src/jobs/migrate-queue.js';
import type { LogLine } from '../src/jobs/queue-log.js';
import { releasedOnce } from '../src/jobs/released-once.js';
import { cancelJob, enqueue, type Task } from '../src/jobs/task.js';
import { MaintenanceSwitch } from './maintenance-switch.js';
import { TcpSwitch } from './tcp-switch.js';

const quiet = () => undefined;
const timing = { sweep_ms: 100, grace_ms: 500, let_go_ms: 200 };

let databases: TestDatabases;
let db: LabelerDb;
beforeAll(async () => {
  databases = await createTestDatabases();
  db = databases.labeler;
  await migrateQueue({ url: databases.labelerUrl, applicationName: 'queue' }, quiet);
});
afterAll(() => databases.close());

function newSession(): SteadyConnection {
  return new SteadyConnection({
    client: () => createClient({ url: databases.labelerUrl, applicationName: 'session' }),
    log: quiet,
  });
}

interface Surroundings {
  readonly maintenance?: MaintenanceSwitch;
  /** Where the queue's connections lead. */
  readonly url?: string;
  readonly log?: LogLine;
}

/** A worker as a process has it. */
async function startWorker(...handlers: JobHandler<never>[]) {
  return startWorkerIn({}, ...handlers);
}

async function startWorkerIn(
  { maintenance = new MaintenanceSwitch(), url = databases.labelerUrl, log = quiet }: Surroundings,
  ...handlers: JobHandler<never>[]
) {
  const session = newSession();
  await session.start();
  const pool: pg.Pool = createPool({ url, applicationName: 'worker' }, 4);
  const registry = new JobRegistry();
  for (const handler of handlers) registry.add(handler);
  const runner = new JobRunner({
    ...{ db, pool, session, registry, maintenance, timing, log },
    concurrency: 2,
    grace_ms: 100,
    pause_ms: 50,
  });
  await runner.start();
  return {
    session,
    async [Symbol.asyncDispose]() {
      await runner.stop();
      await pool.end();
      await session.stop();
    },
  };
}

/** A handler that tells of each run, and how to wait for the next. */
function probe(
  name: string,
  work: (payload: { n: number }, attempt: number, signal: AbortSignal) => unknown = () => {},
  max_attempts = 3,
) {
  const runs: { n: number; attempt: number }[] = [];
  const given_up: string[] = [];
  const waiting: (() => void)[] = [];
  const tell = () => waiting.splice(0).forEach((wake) => wake());
  const task: Task<{ n: number }> = { name, max_attempts, key: ({ n }) => `${name}:${n}` };
  const handler: JobHandler<{ n: number }> = {
    task,
    async run(payload, { attempt, signal }) {
      runs.push({ n: payload.n, attempt });
      tell();
      await work(payload, attempt, signal);
    },
    async gaveUp(_tx, { n }, message) {
      given_up.push(`${n}: ${message}`);
      tell();
    },
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise<void>((resolve) => waiting.push(resolve));
  };
  return { task, handler: handler as unknown as JobHandler<never>, runs, given_up, until };
}

const jobs = (name: string) =>
  db.sql.rows<{ key: string; locked_by: string | null }>(
    'select key, locked_by from graphile_worker.jobs where task_identifier = $1 order by key',
    [name],
  );

test('a job exists with its transaction, and only then', async () => {
  const { task, handler, runs, until } = probe('tx');
  await using _worker = await startWorker(handler);
  const undone = db.transaction(async (tx) => {
    await enqueue(tx.sql, task, { n: 1 });
    throw new Error('changed my mind');
  });
  await expect(undone).rejects.toThrow('changed my mind');
  await db.transaction((tx) => enqueue(tx.sql, task, { n: 2 }));
  await until(() => runs.length > 0);
  expect(runs).toEqual([{ n: 2, attempt: 1 }]);
});

test('one waiting job per key, which can be moved and taken back', async () => {
  const { task } = probe('keyed');
  const later = new Date(Date.now() + 3_600_000).toISOString();
  await enqueue(db.sql, task, { n: 1 }, { run_at: later });
  await enqueue(db.sql, task, { n: 1 }, { run_at: later });
  await enqueue(db.sql, task, { n: 2 }, { run_at: later });
  expect((await jobs('keyed')).map(({ key }) => key)).toEqual(['keyed:1', 'keyed:2']);
  await db
    .transaction(async (tx) => {
      await cancelJob(tx.sql, task, { n: 2 });
      throw new Error('undone');
    })
    .catch(quiet);
  expect(await jobs('keyed')).toHaveLength(2);
  await cancelJob(db.sql, task, { n: 1 });
  expect((await jobs('keyed')).map(({ key }) => key)).toEqual(['keyed:2']);
});

test('a job that fails is tried again; out of attempts it is told and leaves the queue', async () => {
  const failing = probe(
    'failing',
    () => {
      throw new Error('the disk is full');
    },
    1,
  );
  const shaky = probe('shaky', (_payload, attempt) => {
    if (attempt === 1) throw new Error('not yet');
  });
  await using _worker = await startWorker(failing.handler, shaky.handler);
  await enqueue(db.sql, failing.task, { n: 7 });
  await enqueue(db.sql, shaky.task, { n: 8 });
  await failing.until(() => failing.given_up.length > 0);
  expect(failing.given_up).toEqual(['7: the disk is full']);
  await shaky.until(() => shaky.runs.length === 2);
  expect(shaky.runs.map(({ attempt }) => attempt)).toEqual([1, 2]);
  expect(shaky.given_up).toEqual([]);
  expect(await jobs('failing')).toEqual([]);
});

describe('a worker that is gone', () => {
  /** Another process: holds the advisory lock of its pool, took a job, and may die. */
  async function otherProcess(pool_id: string, name: string) {
    const client = createClient({ url: databases.labelerUrl, applicationName: 'other' });
    client.on('error', quiet);
    await client.connect();
    await client.query('select pg_advisory_lock(18110042, hashtext($1))', [pool_id]);
    await client.query(
      `update graphile_worker._private_jobs j set locked_by = $1, locked_at = now(), attempts = attempts + 1
       from graphile_worker._private_tasks t where t.id = j.task_id and t.identifier = $2`,
      [pool_id, name],
    );
    return client;
  }

  test('its jobs go on elsewhere, those of the living stay theirs', async () => {
    const lost = probe('lost');
    const kept = probe('kept');
    await enqueue(db.sql, lost.task, { n: 1 });
    await enqueue(db.sql, kept.task, { n: 1 });
    const dead = await otherProcess('pool-dead', 'lost');
    const alive = await otherProcess('pool-alive', 'kept');
    await using _worker = await startWorker(lost.handler, kept.handler);
    await dead.end();
    await lost.until(() => lost.runs.length > 0);
    expect(lost.runs).toEqual([{ n: 1, attempt: 2 }]);
    expect(kept.runs).toEqual([]);
    expect((await jobs('kept'))[0]?.locked_by).toBe('pool-alive');
    await alive.end();
    await kept.until(() => kept.runs.length > 0);
  });

  test('a job that takes its worker down every time is given up', async () => {
    const deadly = probe('deadly', undefined, 1);
    await enqueue(db.sql, deadly.task, { n: 5 });
    const dead = await otherProcess('pool-deadly', 'deadly');
    await dead.end();
    await using _worker = await startWorker(deadly.handler);
    await deadly.until(() => deadly.given_up.length > 0);
    expect(deadly.given_up).toEqual(['5: The worker stopped 1 times while it was at work on this']);
    expect(deadly.runs).toEqual([]);
  });

  test('a pool whose session is cut holds its claim again at once and keeps its job', async () => {
    let finish = quiet as () => void;
    const long = probe('long', () => new Promise<void>((resolve) => (finish = resolve)));
    await using worker = await startWorker(long.handler);
    await enqueue(db.sql, long.task, { n: 1 });
    await long.until(() => long.runs.length > 0);
    const [job] = await jobs('long');
    const back = new Promise<void>((resolve) => worker.session.onBack(resolve));
    await db.sql.rows(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'session'`);
    await back;
    const held = await db.sql.one<{ held: boolean }>(
      `select exists (select from pg_locks where locktype = 'advisory' and granted
        and objid = (hashtext($1)::bigint & 4294967295)::oid) as held`,
      [job?.locked_by],
    );
    expect(held).toEqual({ held: true });
    expect(await jobs('long')).toEqual([job]);
    finish();
  });
});

describe('a database that goes away just as a job', () => {
  test.each([
    ['ends', () => undefined],
    [
      'fails',
      () => {
        throw new Error('of itself');
      },
    ],
  ])('%s: the process lives, and the job is run again once the database is back', async (name, end) => {
    const line = new TcpSwitch();
    const url = await line.before(databases.labelerUrl);
    let ended: () => void = quiet;
    const runnerEnded = new Promise<void>((resolve) => (ended = resolve));
    const cut = probe(name, async (_payload, attempt) => {
      if (attempt > 1) return;
      await line.cut();
      end();
    });
    const log: LogLine = (_level, message) => message.startsWith('The job runner ended') && ended();
    {
      await using _worker = await startWorkerIn({ url, log }, cut.handler);
      await enqueue(db.sql, cut.task, { n: 1 });
      await runnerEnded;
      await line.mend();
      await cut.until(() => cut.runs.length === 2);
    }
    expect(cut.runs.map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect(await jobs(name)).toEqual([]);
    await line.cut();
  });
});

test('a connection that the queue gives back twice is given back once', async () => {
  await using resources = new AsyncDisposableStack();
  const pool: pg.Pool = createPool({ url: databases.labelerUrl, applicationName: 'twice' }, 1);
  resources.defer(() => pool.end());
  const connected = () =>
    new Promise<() => void>((resolve, reject) => {
      releasedOnce(pool).connect((error, _client, release) => (error ? reject(error) : resolve(release)));
    });
  const first = await connected();
  first();
  const second = await connected();
  // The one connection is somebody else's now.
  first();
  expect(pool.idleCount).toBe(0);
  second();
  expect(pool.idleCount).toBe(1);
});

test('a job that was taken without an answer is given back, one that runs is not', async () => {
  let finish: () => void = quiet;
  const long = probe('heard', () => new Promise<void>((resolve) => (finish = resolve)));
  const unheard = probe('unheard');
  await using _worker = await startWorker(long.handler, unheard.handler);
  await enqueue(db.sql, long.task, { n: 1 });
  await long.until(() => long.runs.length > 0);
  const locked_by = (await jobs('heard'))[0]?.locked_by;
  // As the queue does, whose answer is then lost with the line.
  await db.transaction(async (tx) => {
    await enqueue(tx.sql, unheard.task, { n: 1 });
    await tx.sql.run(
      `update graphile_worker._private_jobs set locked_by = $1, locked_at = now(), attempts = 1 where key = 'unheard:1'`,
      [locked_by],
    );
  });
  await unheard.until(() => unheard.runs.length > 0);
  expect(unheard.runs).toEqual([{ n: 1, attempt: 2 }]);
  expect(await jobs('heard')).toEqual([{ key: 'heard:1', locked_by }]);
  finish();
});

test('a shutdown asks running jobs to end, and they run again', async () => {
  let aborted = false;
  const patient = probe('patient', (_payload, attempt, signal) => {
    if (attempt > 1) return;
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        aborted = true;
        reject(signal.reason as Error);
      });
    });
  });
  {
    await using _worker = await startWorker(patient.handler);
    await enqueue(db.sql, patient.task, { n: 1 });
    await patient.until(() => patient.runs.length > 0);
  }
  expect(aborted).toBe(true);
  expect(await jobs('patient')).toEqual([{ key: 'patient:1', locked_by: null }]);
  await using _next = await startWorker(patient.handler);
  await patient.until(() => patient.runs.length === 2);
});

describe('events', () => {
  test('are heard when their transaction commits, and after a lost session', async () => {
    const session = newSession();
    const events = new Events(session);
    await events.start();
    await session.start();
    try {
      let heard = 0;
      let wake: () => void = quiet;
      const next = () => new Promise<void>((resolve) => (wake = resolve));
      const stop = events.subscribe('export:1', () => {
        heard += 1;
        wake();
      });
      const first = next();
      await db
        .transaction(async (tx) => {
          await events.notify(tx.sql, 'export:1');
          throw new Error('undone');
        })
        .catch(quiet);
      await events.notify(db.sql, 'export:2');
      await db.transaction((tx) => events.notify(tx.sql, 'export:1'));
      await first;
      expect(heard).toBe(1);
      const again = next();
      await db.sql.rows(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'session'`);
      await again;
      expect(heard).toBe(2);
      const afterwards = next();
      await events.notify(db.sql, 'export:1');
      await afterwards;
      stop();
      await events.notify(db.sql, 'export:1');
      expect(heard).toBe(3);
    } finally {
      await session.stop();
    }
  });

  test('a session that cannot be had fails the start', async () => {
    const session = new SteadyConnection({
      client: () => createClient({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'x' }),
      log: quiet,
    });
    await expect(session.start()).rejects.toThrow();
    await session.stop();
  });
});

describe('in maintenance', () => {
  const attempts = (name: string) =>
    db.sql.one<{ attempts: number; waits: boolean }>(
      `select attempts, locked_at is null and run_at <= now() as waits
        from graphile_worker.jobs where task_identifier = $1`,
      [name],
    );
  const waitFor = async (name: string, test: (row: { attempts: number; waits: boolean } | null) => boolean) => {
    for (;;) {
      const row = await attempts(name);
      if (test(row)) return row;
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  test('what runs stops and waits without a failed attempt, nothing new is taken, and afterwards all of it is done', async () => {
    const maintenance = new MaintenanceSwitch();
    const other = probe('afterwards');
    const stuck = probe(
      'stuck',
      async (_payload, _attempt, signal) => {
        if (stuck.runs.length > 1) return;
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      },
      1,
    );
    await using _worker = await startWorkerIn({ maintenance }, other.handler, stuck.handler);
    await enqueue(db.sql, stuck.task, { n: 1 });
    await stuck.until(() => stuck.runs.length === 1);
    maintenance.begin();
    // Given back once nobody takes jobs any more: one that came before that may rightly have been taken.
    expect(await waitFor('stuck', (row) => row?.waits === true && row.attempts === 0)).toEqual({
      attempts: 0,
      waits: true,
    });
    await enqueue(db.sql, other.task, { n: 2 });
    expect(await attempts('afterwards')).toEqual({ attempts: 0, waits: true });
    expect(other.runs).toEqual([]);
    maintenance.end();
    await stuck.until(() => stuck.runs.length === 2);
    await other.until(() => other.runs.length === 1);
    // Its only attempt, still: nothing was given up.
    expect(stuck.runs.map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(stuck.given_up).toEqual([]);
  });

  test('what can finish soon finishes', async () => {
    const maintenance = new MaintenanceSwitch();
    const short = probe('short', async () => {
      if (!maintenance.notice) maintenance.begin();
    });
    await using _worker = await startWorkerIn({ maintenance }, short.handler);
    await enqueue(db.sql, short.task, { n: 1 });
    expect(await waitFor('short', (row) => row === null)).toBeNull();
    expect(short.runs).toHaveLength(1);
  });

  test('a worker that starts in it waits; a job whose write a guard refused is not counted either', async () => {
    const maintenance = new MaintenanceSwitch();
    maintenance.begin();
    const refused = probe(
      'refused',
      () => {
        if (refused.runs.length > 1) return;
        maintenance.begin();
        throw new DomainError('maintenance', 'frozen');
      },
      1,
    );
    await enqueue(db.sql, refused.task, { n: 1 });
    await using _worker = await startWorkerIn({ maintenance }, refused.handler);
    expect(await attempts('refused')).toEqual({ attempts: 0, waits: true });
    maintenance.end();
    await refused.until(() => refused.runs.length === 1);
    await waitFor('refused', (row) => row?.waits === true && row.attempts === 0);
    maintenance.end();
    await refused.until(() => refused.runs.length === 2);
    expect(refused.given_up).toEqual([]);
  });
});
