import type { Sql } from '@labelyard/db';

/** A kind of background work. Its handler lives with its resource and is given to the `JobRegistry`. */
export interface Task<Payload extends object> {
  readonly name: string;
  /** How often it is tried in all, crashes of the worker included; the waits between grow exponentially (3 s, 7 s, 20 s, …). */
  readonly max_attempts: number;
  /** Jobs with one key exist once: enqueuing again replaces the waiting one. */
  readonly key?: (payload: Payload) => string;
}

export interface EnqueueOptions {
  /** ISO 8601; at once when absent. */
  readonly run_at?: string;
}

/**
 * Adds a job in the transaction of `sql`: it runs when that commits, and never existed when it rolls back.
 * Workers are woken by NOTIFY.
 */
export async function enqueue<Payload extends object>(
  sql: Sql,
  task: Task<Payload>,
  payload: Payload,
  { run_at }: EnqueueOptions = {},
): Promise<void> {
  await sql.run('select graphile_worker.add_job($1, $2::json, run_at := $3, max_attempts := $4, job_key := $5)', [
    task.name,
    JSON.stringify(payload),
    run_at ?? null,
    task.max_attempts,
    task.key?.(payload) ?? null,
  ]);
}

/** Takes a waiting job back, in the transaction of `sql`. A job that is running is not stopped, but not tried again either. */
export async function cancelJob<Payload extends object>(
  sql: Sql,
  task: Task<Payload>,
  payload: Payload,
): Promise<void> {
  if (!task.key) throw new TypeError(`Jobs of ${task.name} have no key`);
  await sql.run('select graphile_worker.remove_job($1)', [task.key(payload)]);
}
