import type { Connection } from '../../connection/sql.js';

/** One open event stream. */
export interface PresentStream {
  readonly stream_id: string;
  readonly project_id: number;
  readonly user_id: string;
}

/** How long a stream counts after its process last spoke for it. */
const GONE_AFTER = `interval '40 seconds'`;

/** Who has which project open, over all processes: each open event stream is a row, and its process speaks for it. */
export class PresenceRepository {
  constructor(private readonly connection: Connection) {}

  /** Adds these streams, or says that they are still there. One statement however many. */
  async keep(streams: readonly PresentStream[]): Promise<void> {
    if (streams.length === 0) return;
    await this.connection.hot(
      `insert into project_presence (stream_id, project_id, user_id)
        select * from unnest($1::uuid[], $2::bigint[], $3::text[]) order by 1
        on conflict (stream_id) do update set seen_at = now()`,
      [
        streams.map(({ stream_id }) => stream_id),
        streams.map(({ project_id }) => project_id),
        streams.map(({ user_id }) => user_id),
      ],
    );
  }

  /** Answers the projects they were in. */
  async leave(stream_ids: readonly string[]): Promise<number[]> {
    const rows = await this.connection.hot<{ project_id: number }>(
      `delete from project_presence where stream_id = any ($1::uuid[]) returning project_id`,
      [stream_ids],
    );
    return [...new Set(rows.map(({ project_id }) => project_id))];
  }

  /**
   * False when the stream is somebody else's, or the project has no such image. It may be told before the stream is.
   * `announce` is sent by NOTIFY when it is true.
   */
  async look(
    stream: PresentStream,
    image_id: number | null,
    announce: { readonly channel: string; readonly payload: string },
  ): Promise<boolean> {
    const rows = await this.connection.hot(
      `insert into project_presence as s (stream_id, project_id, user_id, image_id)
        select $1, $2, $3, $4::bigint where $4::bigint is null or exists (
          select from image_metadata i join annotation_projects p on p.dataset_id = i.dataset_id
          where i.id = $4 and p.id = $2)
        on conflict (stream_id) do update set image_id = excluded.image_id, moved_at = now(), seen_at = now()
          where s.project_id = excluded.project_id and s.user_id = excluded.user_id
        returning pg_notify($5, $6)`,
      [stream.stream_id, stream.project_id, stream.user_id, image_id, announce.channel, announce.payload],
    );
    return rows.length > 0;
  }

  /** Each person once, with the image they opened last in any of their tabs. */
  inProject(project_id: number): Promise<{ user_id: string; image_id: number | null }[]> {
    return this.connection.hot(
      `select distinct on (user_id) user_id, image_id from project_presence
        where project_id = $1 and seen_at > now() - ${GONE_AFTER}
        order by user_id, image_id is null, moved_at desc`,
      [project_id],
    );
  }

  /** Forgets streams whose process is gone; answers their projects, each to one caller only. */
  async expire(): Promise<number[]> {
    const rows = await this.connection.hot<{ project_id: number }>(
      `delete from project_presence where stream_id in (
          select stream_id from project_presence where seen_at <= now() - ${GONE_AFTER} for update skip locked
        ) returning project_id`,
    );
    return [...new Set(rows.map(({ project_id }) => project_id))];
  }
}
