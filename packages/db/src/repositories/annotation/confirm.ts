import { type Annotation, type BatchAuthor, DomainError, type TaskType, VERIFIED_ISSUE } from '@labelyard/domain';
import type { Connection } from '../../connection/sql.js';
import { annotationJson } from './annotation-json.js';
import type { AnnotationVersion, ImageScope, MovedImage } from './annotation-repository.js';
import { lockImage } from './lock-image.js';
import { oneAnnotation } from './read-annotations.js';

type Action = 'confirm' | 'unconfirm';

/** What each action makes of which states. */
const MOVES: Readonly<Record<Action, { from: string; of_image: string; to: string; sets: string; image: string }>> = {
  confirm: {
    from: `('draft')`,
    of_image: `('draft')`,
    to: 'confirmed',
    sets: `confirmed_at = date_trunc('milliseconds', now()), confirmed_by = $1, rejected_at = null`,
    image: 'rework_by = null',
  },
  // One annotation can be taken back whatever it was; re-opening an image leaves a reviewer's verdicts alone.
  unconfirm: {
    from: `('confirmed', 'verified')`,
    of_image: `('confirmed')`,
    to: 'draft',
    sets: `confirmed_at = null, confirmed_by = null`,
    image: 'reviewed_at = null',
  },
};

/**
 * Changes state and version of the rows `condition` names, and writes history; $1 is the user, $2 the project, $3 the image. `kept`: what
 * `changed` has of each.
 */
function move(action: Action, condition: string, kept: 'a.*' | '1'): string {
  const { to, sets } = MOVES[action];
  return `before as materialized (
      select a.id, a.version, ${annotationJson('a')} as json from annotations a where ${condition}
    ), changed as (
      update annotations a set state = '${to}', version = a.version + 1, ${sets},
        updated_at = date_trunc('milliseconds', now()), updated_by = $1
      from before where a.id = before.id returning ${kept}
    ), history as (
      insert into annotation_history (project_id, image_id, annotation_id, version, action, changed_by, previous)
      select $2, $3, id, version + 1, '${action}', $1, json::json from before order by id
    )`;
}

/** One annotation. */
export async function setState(
  connection: Connection,
  scope: ImageScope,
  { annotation_id, version }: AnnotationVersion,
  action: Action,
  { may_edit_verified }: BatchAuthor,
): Promise<Annotation> {
  return connection.atomic(async (transaction) => {
    await lockImage(transaction, scope);
    const from = may_edit_verified ? MOVES[action].from : MOVES[action].of_image;
    const [row] = await transaction.hot<{ json: string }>(
      `with ${move(action, `a.id = $4 and a.image_id = $3 and a.version = $5 and a.state in ${from}`, 'a.*')}
        select ${annotationJson('c')} as json from changed c`,
      [scope.user_id, scope.project_id, scope.image_id, annotation_id, version],
    );
    if (row) return JSON.parse(row.json) as Annotation;
    const current = await oneAnnotation(transaction, annotation_id);
    if (!current || current.image_id !== scope.image_id) {
      throw new DomainError('not_found', 'The annotation does not exist any more', { annotation_id });
    }
    if (current.version !== version) {
      throw new DomainError('version_conflict', 'The annotation was changed meanwhile', { current });
    }
    if (action === 'unconfirm' && current.state === 'verified') {
      throw new DomainError('forbidden', `annotation_id: ${VERIFIED_ISSUE.message}`, [VERIFIED_ISSUE]);
    }
    return current;
  });
}

/** All drafts of an image's task type, and the image itself. */
export function confirmImage(connection: Connection, scope: ImageScope, task_type: TaskType) {
  return moveImage(connection, scope, task_type, 'confirm');
}

/** The other way. */
export function unconfirmImage(connection: Connection, scope: ImageScope, task_type: TaskType) {
  return moveImage(connection, scope, task_type, 'unconfirm');
}

async function moveImage(
  connection: Connection,
  scope: ImageScope,
  task_type: TaskType,
  action: Action,
): Promise<MovedImage> {
  const { sets, image, of_image } = MOVES[action];
  return connection.atomic(async (transaction) => {
    await lockImage(transaction, scope);
    const [row] = await transaction.hot<MovedImage & { known: boolean }>(
      `with ${move(action, `a.image_id = $3 and a.task_type = $4 and a.state in ${of_image}`, '1')},
      image as (
        update image_statuses s set ${sets}, ${image}
        where s.image_id = $3 and s.task_type = $4 and (s.confirmed_at is null) = ${action === 'confirm'} returning 1
      )
      select (select count(*) from changed) as confirmed,
        exists (select from changed) or exists (select from image) as was_changed,
        exists (select from image_statuses where image_id = $3 and task_type = $4) as known`,
      [scope.user_id, scope.project_id, scope.image_id, task_type],
    );
    if (!row?.known) {
      throw new DomainError('validation_failed', 'The task type is not one of the project’s', [
        { path: 'task_type', code: 'task_type_not_of_project', message: 'is not one of the project’s' },
      ]);
    }
    return { confirmed: row.confirmed, was_changed: row.was_changed };
  });
}
