import type { AnnotationTask } from '@labelyard/contract';
import type { TaskMove } from '@labelyard/domain';
import { can, decideTaskMove, type Role } from '@labelyard/domain';

/** Images of a task that are done: said to be, and not rejected. */
export function doneImages({ progress }: Pick<AnnotationTask, 'progress'>): number {
  return progress.completed + progress.reviewed;
}

/** How a task stands with its due date. */
export function dueTone({ due_at, state }: Pick<AnnotationTask, 'due_at' | 'state'>, now: number) {
  if (due_at === null || state === 'submitted' || state === 'completed') return 'neutral' as const;
  const left = Date.parse(due_at) - now;
  if (left < 0) return 'danger' as const;
  return left < 24 * 3_600_000 ? ('warning' as const) : ('neutral' as const);
}

/** Moves this person may make of the task now. Unfinished images are told when they try, so that the button is there to be asked. */
export function possibleMoves(task: AnnotationTask, user_id: string, role: Role): TaskMove[] {
  const head = {
    state: task.state,
    assignee_id: task.assignee_id,
    unfinished: 0,
    image_count: Math.max(1, task.image_count),
  };
  const own: readonly TaskMove[] = can(role, 'task.work') ? ['submit', 'hand_back'] : [];
  const review: readonly TaskMove[] = can(role, 'annotation.review') ? ['complete', 'send_back', 'reopen'] : [];
  return [...own, ...review].filter((move) => {
    if (move === 'hand_back' && task.assignee_id === null) return false;
    if (move === 'send_back' && task.state === 'completed') return false;
    return decideTaskMove(head, move, { user_id, role }, 'because').ok;
  });
}
