import { undoImport, type LabelerTransaction } from '@labelyard/db';
import { imageKey, thumbnailKey } from '@labelyard/storage';
import type { JobHandler } from '../jobs/job-registry.js';
import type { ImportJobOptions } from './import-job.js';
import { UNDO_IMPORT, type UndoPayload } from './import-tasks.js';

/** Takes an import back in one transaction; the bytes of images that went with it are removed afterwards. */
export class UndoJob implements JobHandler<UndoPayload> {
  readonly task = UNDO_IMPORT;

  constructor(private readonly options: Pick<ImportJobOptions, 'db' | 'storage' | 'events'>) {}

  async run({ import_id, user_id, remove_changed }: UndoPayload): Promise<void> {
    const { db, events } = this.options;
    const row = await db.imports.get(import_id);
    const project = row && (await db.projects.get(row.project_id));
    if (!project) return;
    const { id: project_id, dataset_id } = project;
    if (row.status === 'undoing') {
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
      });
    }
    await this.removeBytes(import_id, dataset_id);
    await events.publish(db.sql, project_id, { type: 'import', import_id });
  }

  async gaveUp(tx: LabelerTransaction, { import_id }: UndoPayload, message: string): Promise<void> {
    await tx.imports.advance(import_id, ['undoing'], 'completed', {
      error: { code: 'internal', message: `It could not be taken back (${message}). Try again later.` },
    });
    const row = await tx.imports.get(import_id);
    if (row) await this.options.events.publish(tx.sql, row.project_id, { type: 'import', import_id });
  }

  /** Repeatable: looks at what is gone, not at what was done. */
  private async removeBytes(import_id: number, dataset_id: number): Promise<void> {
    const { db, storage } = this.options;
    const paths = await db.imports.orphanPaths(import_id, dataset_id);
    await storage.datasets.deleteMany(
      paths.flatMap((path) => [imageKey(dataset_id, path), thumbnailKey(dataset_id, path)]),
    );
  }
}
