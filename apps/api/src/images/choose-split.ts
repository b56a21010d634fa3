import type { LabelerDb } from '@labelyard/db';
import type { ProjectAuth } from '../auth/auth-context.js';
import { type ProjectEvents, tellable } from '../events/project-events.js';
import type { AnswerOf, InputOf } from '../http/endpoint.js';
import { chosenImages } from './chosen-images.js';

/** Puts images of a project into a split, or leaves them to their paths again. Ids of other projects change nothing. */
export function chooseSplit(
  db: LabelerDb,
  events: ProjectEvents,
  auth: ProjectAuth,
  body: InputOf<'images.split'>['body'],
): Promise<AnswerOf<'images.split'>> {
  const { project_id, dataset_id } = auth.project;
  const { split } = body;
  return db.transaction(async (tx) => {
    const { image_ids, next_cursor } = await chosenImages(tx, auth, body);
    const changed = await tx.images.setSplit(dataset_id, image_ids, split);
    if (changed > 0) {
      await tx.audit.record({
        project_id,
        actor_id: auth.user.id,
        action: 'image.split',
        details: { count: changed, split: split ?? 'by_path' },
      });
      await events.publishEach(
        tx.sql,
        tellable(image_ids).map((some) => ({
          project_id,
          change: { type: 'image', image_ids: some, by: auth.user.id },
        })),
      );
    }
    return { changed, next_cursor };
  });
}
