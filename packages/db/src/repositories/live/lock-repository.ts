import { LOCK_TTL_MS } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { timeJson } from '../annotation/annotation-json.js';
import { decodeCursor, encodeCursor, type Page, pageOf, type PageRequest } from '../paging.js';

export interface LockRow {
  readonly image_id: number;
  readonly project_id: number;
  readonly user_id: string;
  readonly user_name: string;
  readonly acquired_at: string;
  readonly expires_at: string;
}

/** A lock that was changed. */
type Changed = LockRow & { readonly told?: unknown; readonly soon: unknown };

/** Who wants an image of a project. */
export interface LockClaim {
  readonly project_id: number;
  readonly image_id: number;
  readonly user_id: string;
  readonly user_name: string;
}

const TTL = `interval '${LOCK_TTL_MS} milliseconds'`;
const COLUMNS = 'l.image_id, l.project_id, l.user_id, l.user_name, l.acquired_at, l.expires_at';
/** Whether a lock changed hands just now. */
const TAKEN = `l.expires_at - l.acquired_at = ${TTL}`;

/** Tells the lock's project of it, in the statement that changes it: made here, because the row alone knows its times. */
function notify(channel: '$3' | '$5', lock: string): string {
  return `pg_notify(${channel}, json_build_object('project_id', l.project_id,
    'change', json_build_object('type', 'lock', 'image_id', l.image_id, 'lock', ${lock}))::text)`;
}
const HOLDER = `json_build_object('user_id', l.user_id, 'user_name', l.user_name,
  'acquired_at', ${timeJson('l.acquired_at')}::json, 'expires_at', ${timeJson('l.expires_at')}::json)`;

/**
 * The change is on disk soon, and not before it is answered: a lock that a crash of the database takes back in that moment is noticed
 * by its holder's next beat. Notifying, each would hold up everybody else's change otherwise.
 */
const SOON = `set_config('synchronous_commit', 'off', true) as soon`;

/** More than fifty times trying means something else is wrong. */
const MOST_TRIES = 50;

/** Locks of images. Every comparison of times is the database's own: nobody else's clock matters. */
export class LockRepository {
  constructor(private readonly connection: Connection) {}

  /**
   * Free, mine or run out → mine, by one statement (the rule of `mayTakeLock` in the domain), which tells `channel` when it changed
   * hands. `lock` is the holder's in any case. Null when the image is gone.
   */
  async acquire(claim: LockClaim, channel: string): Promise<{ lock: LockRow; mine: boolean } | null> {
    const { project_id, image_id, user_id, user_name } = claim;
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const [row] = await this.connection.hot<Changed>(
        `insert into image_locks as l (image_id, project_id, user_id, user_name, acquired_at, expires_at)
          select i.id, p.id, $3, $4, t.now, t.now + ${TTL}
          from image_metadata i join annotation_projects p on p.dataset_id = i.dataset_id
          cross join (select clock_timestamp()::timestamptz(3) as now) t
          where i.id = $2 and p.id = $1
          on conflict (image_id) do update set
            user_id = excluded.user_id, user_name = excluded.user_name, expires_at = excluded.expires_at,
            acquired_at = case when l.user_id = excluded.user_id and l.expires_at > clock_timestamp()
              then l.acquired_at else excluded.acquired_at end
          where l.user_id = excluded.user_id or l.expires_at <= clock_timestamp()
          returning ${COLUMNS}, case when ${TAKEN} then ${notify('$5', HOLDER)} end as told, ${SOON}`,
        [project_id, image_id, user_id, user_name, channel],
      );
      const lock = lockOf(row) ?? (await this.held(image_id));
      if (lock) return { lock, mine: row !== undefined || lock.user_id === user_id };
      if (!(await this.exists(project_id, image_id))) return null;
      // Given up between the two statements: it is free now.
    }
    throw new Error(`The lock of image ${image_id} changes hands all the time`);
  }

  /** Keeps a lock for another while. Null when it is not this person's any more. */
  async renew(image_id: number, user_id: string): Promise<LockRow | null> {
    const [row] = await this.connection.hot<Changed>(
      `update image_locks l set expires_at = clock_timestamp() + ${TTL}
        where l.image_id = $1 and l.user_id = $2 returning ${COLUMNS}, ${SOON}`,
      [image_id, user_id],
    );
    return lockOf(row);
  }

  /** Frees an image that this person holds, or whoever holds it when `user_id` is null, and tells `channel`. Null when nobody did. */
  async release(image_id: number, user_id: string | null, channel: string): Promise<LockRow | null> {
    const [row] = await this.connection.hot<Changed>(
      `delete from image_locks l where l.image_id = $1 and ($2::text is null or l.user_id = $2)
        returning ${COLUMNS}, ${notify('$3', 'null::json')} as told, ${SOON}`,
      [image_id, user_id, channel],
    );
    return lockOf(row);
  }

  /** Frees whatever somebody holds, in one project or in all. */
  releaseAll(user_id: string, project_id: number | null): Promise<Pick<LockRow, 'project_id' | 'image_id'>[]> {
    return this.connection.hot(
      `delete from image_locks where image_id in (
          select image_id from image_locks where user_id = $1 and ($2::bigint is null or project_id = $2)
          order by image_id for update
        ) returning project_id, image_id`,
      [user_id, project_id],
    );
  }

  /** Who holds the image now. */
  async held(image_id: number): Promise<LockRow | null> {
    const [row] = await this.connection.hot<LockRow>(
      `select ${COLUMNS} from image_locks l where l.image_id = $1 and l.expires_at > clock_timestamp()`,
      [image_id],
    );
    return row ?? null;
  }

  async list(project_id: number, { limit, cursor }: PageRequest): Promise<Page<LockRow>> {
    const after = decodeCursor<[number]>('locks', ['number'], cursor);
    const rows = await this.connection.hot<LockRow>(
      `select ${COLUMNS} from image_locks l
        where l.project_id = $1 and l.expires_at > clock_timestamp() and l.image_id > $2 order by l.image_id limit $3`,
      [project_id, after?.[0] ?? 0, limit + 1],
    );
    return pageOf(rows, limit, (last) => encodeCursor('locks', [last.image_id]));
  }

  /** Deletes locks that have run out; each is answered to one caller only, however many ask at once. */
  expire(): Promise<Pick<LockRow, 'project_id' | 'image_id'>[]> {
    return this.connection.hot(
      `delete from image_locks where image_id in (
          select image_id from image_locks where expires_at <= clock_timestamp() for update skip locked
        ) returning project_id, image_id`,
    );
  }

  private async exists(project_id: number, image_id: number): Promise<boolean> {
    const rows = await this.connection.hot(
      `select from image_metadata i join annotation_projects p on p.dataset_id = i.dataset_id where i.id = $1 and p.id = $2`,
      [image_id, project_id],
    );
    return rows.length > 0;
  }
}

function lockOf(row: Changed | undefined): LockRow | null {
  if (!row) return null;
  const { told: _told, soon: _soon, ...lock } = row;
  return lock;
}
