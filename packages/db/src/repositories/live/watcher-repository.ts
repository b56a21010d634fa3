import { rolesFor } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { Viewer } from '../project/dataset-repository.js';

/** Somebody who listens to a project's events. */
export interface Watcher {
  readonly stream_id: string;
  readonly project_id: number;
  readonly viewer: Viewer;
}

/** Who listens to a project's events. */
export class WatcherRepository {
  constructor(private readonly connection: Connection) {}

  /** Streams of those who may still watch their project, by the rule of `ProjectRepository.access`; one query however many. */
  async admitted(watchers: readonly Watcher[]): Promise<Set<string>> {
    if (watchers.length === 0) return new Set();
    const rows = await this.connection.hot<{ stream_id: string }>(
      `select w.stream_id
        from unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
          as w (stream_id, project_id, user_id, organization_id)
        join annotation_projects p on p.id = w.project_id
        join datasets d on d.id = p.dataset_id and d.deleted_at is null
        left join project_permissions m on m.project_id = p.id and m.user_id = w.user_id
        where m.role = any ($5::text[])
          or d.visibility = 'public'
          or (d.visibility = 'organization' and d.organization_id = w.organization_id)`,
      [
        watchers.map(({ stream_id }) => stream_id),
        watchers.map(({ project_id }) => project_id),
        watchers.map(({ viewer }) => viewer.user_id),
        watchers.map(({ viewer }) => viewer.organization_id),
        rolesFor('presence.read'),
      ],
    );
    return new Set(rows.map(({ stream_id }) => stream_id));
  }
}
