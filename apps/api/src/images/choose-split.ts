import type { ImageSplitBody } from '@labelyard/contract';
import type { LabelerDb } from '@labelyard/db';
import type { ProjectAuth } from '../auth/auth-context.js';
import type { ProjectEvents } from '../events/project-events.js';

/** Puts images of a project into a split, or leaves them to their paths again. Ids of other projects change nothing. */
export function chooseSplit(
  { db, events }: { readonly db: LabelerDb; readonly events: ProjectEvents },
  { project: { project_id, dataset_id }, user }: ProjectAuth,
  { image_ids, split }: ImageSplitBody,
): Promise<{ changed: number }> {
  return db.transaction(async (tx) => {
    const changed = await tx.images.setSplit(dataset_id, image_ids, split);
    if (changed > 0) {
      await tx.audit.record({
        project_id,
        actor_id: user.id,
        action: 'image.split',
        details: { count: changed, split: split ?? 'by_path' },
      });
      await events.publish(tx.sql, project_id, { type: 'image', image_ids: [...image_ids], by: user.id });
    }
    return { changed };
  });
}
