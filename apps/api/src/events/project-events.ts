import type { ProjectChange } from '@labelyard/contract';
import type { Sql } from '@labelyard/db';
import type { SteadyConnection } from './steady-connection.js';

const CHANNEL = 'labelyard_project_events';

/** `missed`: the database session was lost for a while; read everything again. */
export type HeardChange = ProjectChange | { readonly type: 'missed' };
type Listener = (change: HeardChange) => void;

/**
 * Tells every process what changed in a project, through Postgres' LISTEN/NOTIFY: whoever shows the project hears of it,
 * whichever replica did it. Changes are heard in the order of their commits.
 */
export class ProjectEvents {
  private readonly listeners = new Map<number, Set<Listener>>();

  constructor(private readonly connection: SteadyConnection) {}

  async start(): Promise<void> {
    this.connection.onNotification(({ channel, payload }) => {
      if (channel !== CHANNEL || !payload) return;
      const { project_id, change } = JSON.parse(payload) as { project_id: number; change: ProjectChange };
      for (const listener of this.listeners.get(project_id) ?? []) listener(change);
    });
    this.connection.onBack(() => {
      for (const listeners of this.listeners.values()) for (const listener of listeners) listener({ type: 'missed' });
    });
    await this.connection.onSession(async (client) => {
      await client.query(`listen ${CHANNEL}`);
    });
  }

  /** Heard when the transaction of `sql` commits, or at once outside one. */
  async publish(sql: Sql, project_id: number, change: ProjectChange): Promise<void> {
    await sql.run('select pg_notify($1, $2)', [CHANNEL, JSON.stringify({ project_id, change })]);
  }

  /** Calls `listener` after each change of the project. Answers how to stop. */
  subscribe(project_id: number, listener: Listener): () => void {
    const listeners = this.listeners.get(project_id) ?? new Set();
    this.listeners.set(project_id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.listeners.delete(project_id);
    };
  }
}
