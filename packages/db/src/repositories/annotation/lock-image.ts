import { DomainError } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { ImageScope } from './annotation-repository.js';

interface Holder {
  readonly user_id: string;
  readonly user_name: string;
  readonly acquired_at: string;
  readonly expires_at: string;
}

/** 423, with who and until when. */
export function lockedBy({ user_id, user_name, acquired_at, expires_at }: Holder): DomainError {
  const holder = { user_id, user_name, acquired_at, expires_at };
  return new DomainError('locked', `${user_name} is working on this image`, { holder, expires_at });
}

/**
 * How what follows in the transaction is planned: once for a session, by indexes. Left to estimates Postgres may plan a save anew each
 * time it is made, which costs more than the save, or read all annotations for one of them, because there were none when it planned.
 */
const PLANS = `set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)`;

/**
 * Whoever changes annotations of an image holds its row until the end of the transaction: changes to one image happen one after another,
 * each sees what the one before it did, and two of them cannot deadlock. Readers are not held up. Throws not_found, or locked while
 * somebody else works on the image.
 */
export async function lockImage(
  connection: Connection,
  { project_id, image_id, user_id, announce }: ImageScope,
): Promise<void> {
  if (announce) connection.notifies();
  const [row] = await connection.hot<Holder | { user_id: null }>(
    `select l.user_id, l.user_name, l.acquired_at, l.expires_at,
        case when $3::text is not null then pg_notify($3, $4) end, ${PLANS}
      from image_metadata i
      left join image_locks l on l.image_id = i.id and l.user_id <> $5 and l.expires_at > clock_timestamp()
      where i.id = $1 and exists (select from annotation_projects p where p.id = $2 and p.dataset_id = i.dataset_id)
      for no key update of i`,
    [image_id, project_id, announce?.channel ?? null, announce?.payload ?? null, user_id],
  );
  if (!row) throw new DomainError('not_found', 'The image does not exist in this project', { image_id });
  if (row.user_id !== null) throw lockedBy(row);
}
