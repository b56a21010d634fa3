import type { Connection } from '../../connection/sql.js';

/** History rows removed at a time. */
const HISTORY_BATCH = 20_000;

/** See `DatasetRepository.purge`: bottom up and in batches, so that no statement is long and no cascade is large. */
export function purgeDataset(connection: Connection, dataset_id: number, batch: number): Promise<boolean> {
  return connection.atomic(async (transaction) => {
    const dataset = await transaction.one<{ project_id: number }>(
      `select p.id as project_id from datasets d join annotation_projects p on p.dataset_id = d.id
        where d.id = $1 and d.deleted_at is not null for update of d`,
      [dataset_id],
    );
    if (!dataset) return true;
    const { project_id } = dataset;
    const images = await transaction.rows<{ id: number }>(
      `select id from image_metadata where dataset_id = $1 order by id limit $2 for update`,
      [dataset_id, batch],
    );
    if (images.length > 0) {
      const ids = images.map(({ id }) => id);
      await transaction.run(`delete from annotations where image_id = any ($1)`, [ids]);
      await transaction.run(`delete from image_statuses where image_id = any ($1)`, [ids]);
      await transaction.run(`delete from image_metadata where id = any ($1)`, [ids]);
      return false;
    }
    // What was deleted one by one: whole images in a row each.
    const deleted = await transaction.run(
      `delete from deleted_images where image_id in (
          select image_id from deleted_images where project_id = $1 order by image_id limit $2)`,
      [project_id, batch],
    );
    if (deleted > 0) return false;
    const history = await transaction.run(
      `delete from annotation_history where project_id = $1
        and id in (select id from annotation_history where project_id = $1 order by id limit ${HISTORY_BATCH})`,
      [project_id],
    );
    if (history > 0) return false;
    await transaction.run(`delete from datasets where id = $1`, [dataset_id]);
    return true;
  });
}
