import { createPool, type LabelerDb } from '@labelyard/db';
import {
  Global,
  Inject,
  Module,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import type pg from 'pg';
import type { Logger } from 'pino';
import { InjectEnv, InjectLabelerDb, InjectLog } from '../connections.js';
import type { Env } from '../env.js';
import { SteadyConnection } from '../events/steady-connection.js';
import { MaintenanceMode } from '../maintenance/maintenance-mode.js';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './job-runner.js';
import { migrateQueue } from './migrate-queue.js';
import { logLine } from './queue-log.js';

/** Jobs at once in one process; what limits them is the processor, not waiting. */
const CONCURRENCY = 2;
/** The library needs two more connections than jobs. */
const CONNECTIONS = CONCURRENCY + 2;
/** Of the time a shutdown may take, jobs may use this share to finish; the rest is for ending the others. */
const GRACE_SHARE = 0.6;

/** The queue: where handlers register, and, unless this process only serves requests, who runs them. */
@Global()
@Module({ providers: [JobRegistry], exports: [JobRegistry] })
export class JobsModule implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private running: { runner: JobRunner; pool: pg.Pool } | null = null;

  constructor(
    @InjectEnv() private readonly env: Env,
    @InjectLog() private readonly log: Logger,
    @InjectLabelerDb() private readonly db: LabelerDb,
    @Inject(SteadyConnection) private readonly session: SteadyConnection,
    @Inject(JobRegistry) private readonly registry: JobRegistry,
    @Inject(MaintenanceMode) private readonly maintenance: MaintenanceMode,
  ) {}

  async onModuleInit(): Promise<void> {
    await migrateQueue(this.database, logLine(this.log));
  }

  /** After every module had its chance to register handlers. */
  async onApplicationBootstrap(): Promise<void> {
    const { process_role, shutdown_grace_ms } = this.env.runtime;
    if (process_role === 'api') return;
    const pool = createPool(this.database, CONNECTIONS);
    const runner = new JobRunner({
      db: this.db,
      pool,
      session: this.session,
      registry: this.registry,
      log: logLine(this.log),
      maintenance: this.maintenance,
      concurrency: CONCURRENCY,
      grace_ms: shutdown_grace_ms * GRACE_SHARE,
    });
    this.running = { runner, pool };
    await runner.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.running?.runner.stop();
    await this.running?.pool.end();
  }

  private get database() {
    return { ...this.env.labeler_db, applicationName: 'labelyard queue' };
  }
}
