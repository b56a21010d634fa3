import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseOptions, LabelerDb } from '@labelyard/db';

/** Stops and re-opens the writes of an installation: politely through its API, and for certain in its databases. */
export interface WriteStop {
  /** Every write is refused when this resolves, and every one that was under way has ended. Lets writes in again when it rejects. */
  stop: () => Promise<{ stopped_at: string }>;
  /** Lets writes in again. */
  open: () => Promise<void>;
  /** Null when writes are open. */
  stopped: () => Promise<WritesStopped | null>;
}

export interface WritesStopped {
  /** As the servers' clocks say. */
  readonly since: string;
  /** False after a stop that was killed half way: somebody is kept out, somebody is not. */
  readonly whole: boolean;
}

export interface WriteStopOptions {
  readonly labeler: DatabaseOptions;
  /** All databases whose writes end: the Labeler DB, and people's when it moves as well. */
  readonly databases: readonly DatabaseOptions[];
  readonly freeze: (database: DatabaseOptions) => Promise<{ frozen_at: string }>;
  readonly thaw: (database: DatabaseOptions) => Promise<void>;
  readonly frozenAt: (database: DatabaseOptions) => Promise<string | null>;
  /** Shown to people. */
  readonly reason: string;
}

const STARTED_BY = 'yard';
/** Workers give a job five seconds to end. */
const JOBS_REST_MS = 8_000;
const LOOK_EVERY_MS = 100;

export function createWriteStop(options: WriteStopOptions): WriteStop {
  const { labeler, databases, freeze, thaw, frozenAt, reason } = options;
  const open = async () => {
    await Promise.all(databases.map((database) => thaw(database)));
    await withLabeler(labeler, (db) => db.maintenance.end());
  };
  return {
    async stop() {
      try {
        // First the API: its answer tells people what is going on and when to come back; the databases only say no.
        await withLabeler(labeler, async (db) => {
          await db.maintenance.begin({ reason, expected_end: null, started_by: STARTED_BY });
          await untilJobsRest(db);
        });
        const times = await allEnded(databases.map((database) => freeze(database)));
        return { stopped_at: times.map(({ frozen_at }) => frozen_at).sort()[0] ?? new Date().toISOString() };
      } catch (error) {
        // Half a stop keeps people waiting for nothing.
        await open();
        throw error;
      }
    },
    open,
    async stopped() {
      const times = await Promise.all(databases.map((database) => frozenAt(database)));
      const [since] = times.filter((time) => time !== null).sort();
      if (since !== undefined) return { since, whole: !times.includes(null) };
      const maintenance = await withLabeler(labeler, (db) => db.maintenance.state());
      return maintenance?.started_by === STARTED_BY ? { since: maintenance.started_at, whole: false } : null;
    },
  };
}

/** Waits for every one also when one fails: what comes after must not be overtaken. @throws what the first of them threw */
async function allEnded<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

/**
 * The API's workers stop what they do when maintenance begins, and begin it again afterwards. A job that is cut off by the freeze instead
 * counts as failed once. Whoever does not rest in time is not waited for.
 */
async function untilJobsRest(db: LabelerDb): Promise<void> {
  const deadline = Date.now() + JOBS_REST_MS;
  while (Date.now() < deadline) {
    const row = await db.sql.one<{ working: boolean }>(
      `select exists (select from graphile_worker._private_jobs where locked_at is not null) as working`,
    );
    if (!row?.working) return;
    await delay(LOOK_EVERY_MS);
  }
}

async function withLabeler<T>(options: DatabaseOptions, work: (db: LabelerDb) => Promise<T>): Promise<T> {
  const { createLabelerDb } = await import('@labelyard/db');
  const db = await createLabelerDb(options);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}
