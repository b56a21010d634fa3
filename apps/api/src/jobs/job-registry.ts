import type { LabelerTransaction } from '@labelyard/db';
import type { Task } from './task.js';

export interface JobRun {
  /** Aborted when the worker shuts down or lost its claim on the job: stop, and throw. The job is run again. */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
}

export interface JobHandler<Payload extends object> {
  readonly task: Task<Payload>;
  /** May be run again after any crash, also one that came after the work was done: must be repeatable. */
  run(payload: Payload, run: JobRun): Promise<void>;
  /**
   * The last attempt failed, or the worker died in it. Writes down, for people, that the work will not be done. Runs in the
   * transaction that takes the job away.
   */
  gaveUp?(tx: LabelerTransaction, payload: Payload, message: string): Promise<void>;
}

export interface Schedule {
  readonly task: Task<Record<string, never>>;
  /** Five fields as in crontab, UTC. */
  readonly cron: string;
}

/** All kinds of jobs this process can run. Resources add theirs while they are being made. */
export class JobRegistry {
  private readonly handlers = new Map<string, JobHandler<object>>();
  readonly schedules: Schedule[] = [];

  add<Payload extends object>(handler: JobHandler<Payload>): void {
    const { name } = handler.task;
    if (this.handlers.has(name)) throw new Error(`Two handlers for the task "${name}"`);
    this.handlers.set(name, handler as unknown as JobHandler<object>);
  }

  schedule(schedule: Schedule): void {
    this.schedules.push(schedule);
  }

  all(): readonly JobHandler<object>[] {
    return [...this.handlers.values()];
  }
}
