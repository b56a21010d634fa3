import { undoImport, type LabelerTransaction } from '@labelyard/db';
import { PURGE_IMAGES } from '../deleted-images/purge-images-job.js';
import type { JobHandler } from '../jobs/job-registry.js';
import { enqueue } from '../jobs/task.js';
import type { ImportJobOptions } from './import-job.js';
import { UNDO_IMPORT, type UndoPayload } from './import-tasks.js';

/** Takes an import back in one transaction. The pictures of images that went with it are removed by the job that does so. */
export class UndoJob implements JobHandler<UndoPayload> {
  readonly task = UNDO_IMPORT;

  constructor(private readonly options: Pick<ImportJobOptions, 'db' | 'events'>) {}

  async run({ import_id, user_id, remove_changed }: UndoPayload): Promise<void> {
    const { db, events } = this.options;
    const row = await db.imports.get(import_id);
    const project = row && (await db.projects.get(row.project_id));
    if (!project || row.status !== 'undoing') return;
    const { id: project_id, dataset_id } = project;
    await using session = await db.openBulk();
    await session.transaction(async (tx, connection) => {
      const current = await tx.imports.lock(import_id);
      if (current?.status !== 'undoing') return;
      const undo = await undoImport(connection, { import_id, project_id, dataset_id, user_id, remove_changed });
      await tx.imports.advance(import_id, ['undoing'], 'undone', {
        result: { ...current.result, undo },
        undone_by: user_id,
      });
      await tx.audit.record({
        project_id,
        actor_id: user_id,
        action: 'import.undo',
        subject_type: 'import',
        subject_id: import_id,
        details: { annotations: undo.unchanged, images: undo.images, kept: undo.changed, restored: undo.restored },
      });
      await events.publish(tx.sql, project_id, { type: 'class' });
      await events.publish(tx.sql, project_id, { type: 'image', image_ids: null, by: user_id });
      await events.publish(tx.sql, project_id, { type: 'import', import_id });
      if (undo.images > 0) await enqueue(tx.sql, PURGE_IMAGES, {});
    });
  }

  async gaveUp(tx: LabelerTransaction, { import_id }: UndoPayload, message: string): Promise<void> {
    await tx.imports.advance(import_id, ['undoing'], 'completed', {
      error: { code: 'internal', message: `It could not be taken back (${message}). Try again later.` },
    });
    const row = await tx.imports.get(import_id);
    if (row) await this.options.events.publish(tx.sql, row.project_id, { type: 'import', import_id });
  }
}
