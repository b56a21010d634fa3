import type { ProjectChange } from '@labelyard/contract';
import type { LabelerDb, LabelerTransaction, RestoreRow, RestoreScope, RestoreSelection } from '@labelyard/db';
import { DomainError } from '@labelyard/domain';
import type { ProjectAuth } from '../auth/auth-context.js';
import type { ProjectEvents } from '../events/project-events.js';
import { changeOnce } from '../idempotency/idempotency-scope.js';
import { enqueue } from '../jobs/task.js';
import { restoreImages } from './restore-batch.js';
import { RUN_RESTORE } from './restore-job.js';

/** Brings earlier states back: an image at once, a person's work as a job. */
export class RestoresService {
  constructor(
    private readonly db: LabelerDb,
    private readonly events: ProjectEvents,
  ) {}

  /** One image or annotation, in one transaction with the row that tells of it. */
  async now<T>(
    auth: ProjectAuth,
    scope: RestoreScope,
    selection: RestoreSelection,
    image_id: number,
    answer: (row: RestoreRow) => T,
  ): Promise<T> {
    return changeOnce(this.db, auth, 200, async (tx) => {
      await this.refuseWhileLocked(tx, scope, image_id);
      const row = await tx.timeTravel.create(scope, selection);
      const counts = await restoreImages(tx, scope, selection, [image_id]);
      const change: ProjectChange = { type: 'image', image_ids: [image_id], by: scope.user_id };
      await this.events.publish(tx.sql, scope.project_id, change);
      await this.record(tx, scope, selection, counts);
      return answer(await tx.timeTravel.completed(row.id, [image_id], counts));
    });
  }

  /** Any number of images, as a job. */
  later<T>(
    auth: ProjectAuth,
    scope: RestoreScope,
    selection: RestoreSelection,
    answer: (row: RestoreRow) => T,
    details: object = {},
  ): Promise<T> {
    return changeOnce(this.db, auth, 202, async (tx) => {
      const row = await tx.timeTravel.create(scope, selection, (sql, { id }) =>
        enqueue(sql, RUN_RESTORE, { restore_id: id }),
      );
      await this.events.publish(tx.sql, scope.project_id, { type: 'restore', restore_id: row.id });
      await this.record(tx, scope, selection, details);
      return answer(row);
    });
  }

  /** @throws validation_failed for somebody who never did anything here: nobody would know whose work is told to be taken back */
  async checkPerson(project_id: number, user_id: string): Promise<void> {
    if (await this.db.timeTravel.hasWorkOf(project_id, user_id)) return;
    const message = 'never changed an annotation of this project';
    throw new DomainError('validation_failed', `user_id: ${message}`, [{ path: 'user_id', code: 'no_work', message }]);
  }

  /** @throws not_found, locked */
  private async refuseWhileLocked(tx: LabelerTransaction, { project_id, user_id }: RestoreScope, image_id: number) {
    await tx.annotations.lockForChanges({ project_id, image_id, user_id }, []);
  }

  private record(tx: LabelerTransaction, scope: RestoreScope, selection: RestoreSelection, counts?: object) {
    const { project_id, user_id: actor_id, overwrite } = scope;
    const image_id = 'image_id' in selection ? selection.image_id : undefined;
    const { kind, ...named } = selection;
    return tx.audit.record({
      project_id,
      actor_id,
      action: `restore.${kind}`,
      ...(image_id !== undefined && { subject_type: 'image', subject_id: image_id }),
      details: { ...named, ...(overwrite && { overwrite }), ...counts },
    });
  }
}

/** @throws validation_failed for a period that ends before it begins */
export function checkPeriod({ since, until }: { readonly since: string; readonly until?: string | undefined }): void {
  if (until === undefined || since <= until) return;
  throw new DomainError('validation_failed', 'until: lies before since', [
    { path: 'until', code: 'before_since', message: 'lies before since' },
  ]);
}
