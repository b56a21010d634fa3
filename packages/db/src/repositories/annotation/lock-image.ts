import { DomainError } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import type { ImageScope } from './annotation-repository.js';

/**
 * Whoever changes annotations of an image holds its row until the end of the transaction: changes to one image happen one after another,
 * each sees what the one before it did, and two of them cannot deadlock. Readers are not held up. Throws not_found.
 */
export async function lockImage(connection: Connection, { project_id, image_id, announce }: ImageScope): Promise<void> {
  const rows = await connection.hot(
    `select case when $3::text is not null then pg_notify($3, $4) end from image_metadata i
      where i.id = $1 and exists (select from annotation_projects p where p.id = $2 and p.dataset_id = i.dataset_id)
      for no key update of i`,
    [image_id, project_id, announce?.channel ?? null, announce?.payload ?? null],
  );
  if (rows.length === 0) throw new DomainError('not_found', 'The image does not exist in this project', { image_id });
}
