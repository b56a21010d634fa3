import { DomainError } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';

/**
 * Whoever changes annotations of an image holds its row until the end of the transaction: changes to one image happen one after another,
 * each sees what the one before it did, and two of them cannot deadlock. Readers are not held up. Throws not_found.
 */
export async function lockImage(
  connection: Connection,
  { project_id, image_id }: { readonly project_id: number; readonly image_id: number },
): Promise<void> {
  const rows = await connection.hot(
    `select from image_metadata i
      where i.id = $1 and exists (select from annotation_projects p where p.id = $2 and p.dataset_id = i.dataset_id)
      for no key update of i`,
    [image_id, project_id],
  );
  if (rows.length === 0) throw new DomainError('not_found', 'The image does not exist in this project', { image_id });
}
