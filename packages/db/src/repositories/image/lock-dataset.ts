import { DomainError } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';

/**
 * Whoever adds or removes images of a dataset holds its row until the end of the transaction. They would meet at its counters anyway;
 * meeting here, they wait for each other instead of deadlocking over names and counters. Throws not_found.
 */
export async function lockDataset(connection: Connection, dataset_id: number): Promise<void> {
  const rows = await connection.hot(`select from datasets where id = $1 and deleted_at is null for no key update`, [
    dataset_id,
  ]);
  if (rows.length === 0) throw new DomainError('not_found', 'The dataset does not exist any more', { dataset_id });
}
