import type { LabelerDb } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import { parseCronItems, run, type Runner, type TaskList } from 'graphile-worker';
import type pg from 'pg';
import type { SteadyConnection } from '../events/steady-connection.js';
import type { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import { InterruptedJobs } from './interrupted-jobs.js';
import type { JobRegistry } from './job-registry.js';
import { queueLogger, type LogLine } from './queue-log.js';
import { releasedOnce } from './released-once.js';
import { CLAIM_TIMING, WorkerClaims, type ClaimTiming } from './worker-claims.js';
import { collectAfterJob } from './worker-memory.js';

export interface JobRunnerOptions {
  readonly db: LabelerDb;
  /** The queue's own connections; with the types of node-postgres itself, which the library expects. */
  readonly pool: pg.Pool;
  readonly session: SteadyConnection;
  readonly registry: JobRegistry;
  readonly log: LogLine;
  /** Jobs at once in this process. */
  readonly concurrency: number;
  /** How long running jobs may go on after `stop`, before they are told to end and run again elsewhere. */
  readonly grace_ms: number;
  /** While it is on, nothing is run and nothing is given up. */
  readonly maintenance: Pick<MaintenanceMode, 'notice' | 'onChange'>;
  /** How long running jobs may go on after it began; short, because somebody waits for the database to stand still. */
  readonly pause_ms?: number;
  /** How fast a lost worker is noticed. */
  readonly timing?: ClaimTiming;
}

const PAUSE_MS = 5_000;

/**
 * That a job ended or failed is written down by what waits for it. Without a batch, even one of no delay, the library waits for nothing, and
 * a line that breaks just then ends the process. With one its pool ends, and what it had taken is given back with its claim.
 */
const SAFE_REPORTS = { completeJobBatchDelay: 0, failJobBatchDelay: 0 };

/** Takes jobs from the queue and runs their handlers, until it is stopped; rests in maintenance. */
export class JobRunner {
  private readonly timing: ClaimTiming;
  private readonly claims: WorkerClaims;
  private runner: Runner | null = null;
  private pools: string[] = [];
  /** Jobs whose handlers run in this process. */
  private readonly running = new Set<string>();
  private stopping = false;
  private timer: NodeJS.Timeout | null = null;
  private sweeping: Promise<void> = Promise.resolve();
  /** Aborted when the claim on the running jobs is in danger. */
  private hold = new AbortController();
  private sessionLostAt: number | null = null;
  private readonly interrupted: InterruptedJobs;
  private stopListening: (() => void) | null = null;
  /** Pausing and going on, one after the other. */
  private turning: Promise<void> = Promise.resolve();

  constructor(private readonly options: JobRunnerOptions) {
    this.timing = options.timing ?? CLAIM_TIMING;
    this.claims = new WorkerClaims(options.session, this.timing.grace_ms);
    this.interrupted = new InterruptedJobs(options.db);
  }

  async start(): Promise<void> {
    await this.claims.start();
    if (!this.paused) await this.launch();
    this.stopListening = this.options.maintenance.onChange(() => void this.turn());
    // It may have begun meanwhile.
    await this.turn();
    this.plan();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.stopListening?.();
    if (this.timer) clearTimeout(this.timer);
    await this.sweeping;
    await this.turning;
    if (this.runner) await end(this.runner);
    await this.dropClaims();
  }

  private get paused(): boolean {
    return this.options.maintenance.notice !== null;
  }

  /** Does what maintenance asks for now. Never throws: the next sweep tries again. */
  private turn(): Promise<void> {
    this.turning = this.turning.then(async () => {
      try {
        if (this.paused && this.runner) await this.pause(this.runner);
        else if (!this.paused && !this.runner && !this.stopping) await this.goOn();
      } catch (error) {
        this.options.log('warn', 'The job runner could not follow maintenance; trying again', { err: error });
      }
    });
    return this.turning;
  }

  /** Takes no new jobs; what runs finishes soon or stops. */
  private async pause(runner: Runner): Promise<void> {
    const { log, pause_ms = PAUSE_MS } = this.options;
    this.runner = null;
    const { hold } = this;
    const timer = setTimeout(() => hold.abort(new Error('Maintenance began')), pause_ms);
    await end(runner);
    clearTimeout(timer);
    this.hold = new AbortController();
    for (const pool_id of this.pools) this.interrupted.poolEnded(pool_id);
    await this.dropClaims();
    log('info', 'No jobs are run while maintenance lasts');
    await this.interrupted.giveBack();
  }

  private async goOn(): Promise<void> {
    await this.dropClaims();
    await this.interrupted.giveBack();
    await this.launch();
  }

  private async launch(): Promise<void> {
    const { pool, registry, log, concurrency, grace_ms } = this.options;
    const runner = await run({
      pgPool: releasedOnce(pool),
      concurrency,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: grace_ms,
      logger: queueLogger(log),
      taskList: this.taskList(),
      parsedCronItems: parseCronItems(
        registry.schedules.map(({ task, cron }) => ({
          task: task.name,
          match: cron,
          identifier: task.name,
          options: { maxAttempts: task.max_attempts, jobKey: task.name, backfillPeriod: 0 },
        })),
      ),
      preset: {
        worker: SAFE_REPORTS,
        plugins: [
          {
            name: 'labelyard-claims',
            worker: {
              hooks: {
                startWorker: async (_context, { worker }) => {
                  const { id } = worker.workerPool;
                  if (!this.pools.includes(id)) this.pools.push(id);
                  await this.claims.hold(id);
                },
              },
            },
          },
        ],
      },
    });
    this.runner = runner;
    const restart = (error?: unknown) => {
      if (this.stopping || this.runner !== runner) return;
      this.runner = null;
      log('error', 'The job runner ended; starting it again', error instanceof Error ? { err: error } : {});
    };
    runner.promise.then(() => restart(), restart);
  }

  private taskList(): TaskList {
    return Object.fromEntries(
      this.options.registry.all().map((handler) => [
        handler.task.name,
        async (payload: unknown, { abortSignal, job }) => {
          const signal = AbortSignal.any([abortSignal, this.hold.signal]);
          signal.throwIfAborted();
          const started = performance.now();
          this.running.add(job.id);
          try {
            await handler.run(payload as object, { signal, attempt: job.attempts });
          } catch (error) {
            if (this.paused || isRefusedByMaintenance(error)) this.interrupted.add(job.id);
            throw error;
          } finally {
            this.running.delete(job.id);
            collectAfterJob(performance.now() - started);
          }
        },
      ]),
    ) satisfies TaskList;
  }

  private plan(): void {
    if (this.stopping) return;
    this.timer = setTimeout(() => {
      this.sweeping = this.sweep().then(() => this.plan());
    }, this.timing.sweep_ms);
    this.timer.unref();
  }

  /** What must happen now and then for no job to be forgotten. Never throws. */
  private async sweep(): Promise<void> {
    try {
      this.watchSession();
      await this.turn();
      if (this.paused) return;
      if (!this.options.session.connected) return;
      for (const pool_id of await this.claims.freeLostJobs()) {
        this.options.log('warn', 'A worker is gone; its jobs go on here or elsewhere', { pool_id });
      }
      for (const job_id of await this.claims.freeUnheardJobs(this.running)) {
        this.options.log('warn', 'A job was taken without an answer; it is given back', { job_id });
      }
      await this.settleGivenUp();
    } catch (error) {
      this.options.log('warn', 'Looking after the job queue failed; trying again', { err: error });
    }
  }

  private watchSession(): void {
    if (this.options.session.connected) {
      this.sessionLostAt = null;
      if (this.hold.signal.aborted) this.hold = new AbortController();
      return;
    }
    this.sessionLostAt ??= performance.now();
    if (performance.now() - this.sessionLostAt >= this.timing.let_go_ms)
      this.hold.abort(new Error('The worker lost its database session'));
  }

  /** Jobs out of attempts leave the queue, and what they were for is told that it will not be done. */
  private async settleGivenUp(): Promise<void> {
    const { db, registry, log } = this.options;
    const handlers = new Map(registry.all().map((handler) => [handler.task.name, handler]));
    const given_up = await db.sql.rows<{ id: string; task: string }>(
      `select id::text, task_identifier as task from graphile_worker.jobs
       where attempts >= max_attempts and locked_at is null and task_identifier = any($1)`,
      [[...handlers.keys()]],
    );
    for (const { id, task } of given_up) {
      if (this.paused || this.interrupted.has(id)) continue;
      await db.transaction(async (tx) => {
        const job = await tx.sql.one<{ payload: object; attempts: number; last_error: string | null }>(
          'select payload, attempts, last_error from graphile_worker.complete_jobs(array[$1::bigint])',
          [id],
        );
        if (!job) return; // Another process was faster.
        const message = job.last_error ?? `The worker stopped ${job.attempts} times while it was at work on this`;
        log('error', 'A job was given up', { task, job_id: id, attempts: job.attempts, reason: message });
        await handlers.get(task)?.gaveUp?.(tx, job.payload, message);
      });
    }
  }

  private async dropClaims(): Promise<void> {
    for (const pool_id of this.pools.splice(0)) await this.claims.release(pool_id).catch(() => undefined);
  }
}

/** Resolves when none of its jobs runs any more; also when it was ending by itself already, which `stop` does not wait for. */
async function end(runner: Runner): Promise<void> {
  await runner.stop().catch(() => undefined);
  await runner.promise.catch(() => undefined);
}

/** A guard of the database was faster than the news. */
function isRefusedByMaintenance(error: unknown): boolean {
  return error instanceof DomainError && error.code === 'maintenance';
}
