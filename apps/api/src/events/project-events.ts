import { MOST_IMAGES_TOLD, type ProjectChange } from '@labelyard/contract';
import type { Sql } from '@labelyard/db';
import { QuietTimes } from './quiet-times.js';
import type { SteadyConnection } from './steady-connection.js';

/** Where changes are told; for statements of repositories that tell of themselves. */
export const PROJECT_CHANNEL = 'labelyard_project_events';

/** `missed`: the database session was lost for a while; read everything again. */
export type HeardChange = ProjectChange | { readonly type: 'missed' };
type Listener = (change: HeardChange) => void;

/** What `publish` sends, for a statement that is made anyway (`ImageScope.announce`). */
export function announcement(project_id: number, change: ProjectChange): { channel: string; payload: string } {
  return { channel: PROJECT_CHANNEL, payload: JSON.stringify({ project_id, change }) };
}

/** Images in as many changes as it takes to name all of them. */
export function tellable(image_ids: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let from = 0; from < image_ids.length; from += MOST_IMAGES_TOLD)
    parts.push(image_ids.slice(from, from + MOST_IMAGES_TOLD));
  return parts;
}

/**
 * Tells every process what changed in a project, through Postgres' LISTEN/NOTIFY: whoever shows the project hears of it,
 * whichever replica did it. Changes are heard in the order of their commits.
 */
export class ProjectEvents {
  private readonly listeners = new Map<number, Set<Listener>>();
  private readonly times = new QuietTimes<number>();

  constructor(private readonly connection: SteadyConnection) {}

  async start(): Promise<void> {
    this.connection.onBack(() => {
      this.times.reset();
      for (const listeners of this.listeners.values()) for (const listener of listeners) listener({ type: 'missed' });
    });
    await this.connection.listen(PROJECT_CHANNEL, (payload) => {
      const { project_id, change } = JSON.parse(payload) as { project_id: number; change: ProjectChange };
      this.times.remember(project_id);
      for (const listener of this.listeners.get(project_id) ?? []) listener(change);
    });
  }

  /** Heard when the transaction of `sql` commits, or at once outside one. */
  async publish(sql: Sql, project_id: number, change: ProjectChange): Promise<void> {
    await this.publishEach(sql, [{ project_id, change }]);
  }

  /** Many changes, in one statement. */
  async publishEach(sql: Sql, changes: readonly { project_id: number; change: ProjectChange }[]): Promise<void> {
    await sql.notify(PROJECT_CHANNEL, changes.map((one) => JSON.stringify(one))); // prettier-ignore
  }

  /** The same as the last statement of a transaction. */
  async publishLastly(sql: Sql, changes: readonly { project_id: number; change: ProjectChange }[]): Promise<void> {
    await sql.notifyLastly(PROJECT_CHANNEL, changes.map((one) => JSON.stringify(one))); // prettier-ignore
  }

  /** The same for what knows only its dataset. */
  publishForDataset(sql: Sql, dataset_id: number, change: ProjectChange): Promise<void> {
    return this.publishForDatasets(sql, [{ dataset_id, change }]);
  }

  async publishForDatasets(sql: Sql, changes: readonly { dataset_id: number; change: ProjectChange }[]): Promise<void> {
    if (changes.length === 0) return;
    sql.notifies();
    await sql.run(
      `select pg_notify($1, json_build_object('project_id', p.id, 'change', x.change)::text)
        from unnest($2::bigint[], $3::json[]) as x (dataset_id, change)
        join annotation_projects p on p.dataset_id = x.dataset_id`,
      [
        PROJECT_CHANNEL,
        changes.map(({ dataset_id }) => dataset_id),
        changes.map(({ change }) => JSON.stringify(change)),
      ],
    );
  }

  /** How long nothing was heard of a project; null when it is so long that it does not matter. */
  quietMs(project_id: number): number | null {
    return this.times.quietMs(project_id);
  }

  /** The same change in many projects, in one statement. */
  async publishToAll(sql: Sql, project_ids: readonly number[], change: ProjectChange): Promise<void> {
    await this.publishEach(sql, project_ids.map((project_id) => ({ project_id, change }))); // prettier-ignore
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
