import { can, type Role } from './permissions.js';

/** Where a batch of work stands: given out, begun, handed in for review, done. */
export const TASK_STATES = ['pending', 'in_progress', 'submitted', 'completed'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** What people do with a task. `send_back` is the reviewer's way back, `hand_back` the annotator's way out. */
export const TASK_MOVES = ['start', 'submit', 'hand_back', 'send_back', 'complete', 'reopen'] as const;
export type TaskMove = (typeof TASK_MOVES)[number];

/** The part of a task its moves depend on. */
export interface TaskHead {
  readonly state: TaskState;
  readonly assignee_id: string | null;
  /** Images nobody has said "done" of, or that were rejected. */
  readonly unfinished: number;
  readonly image_count: number;
}

export interface TaskActor {
  readonly user_id: string;
  readonly role: Role;
}

export type TaskMoveProblem =
  /** The move does not lead on from this state. */
  | 'wrong_state'
  /** Only the person it is assigned to may, or who manages tasks. */
  | 'not_assignee'
  /** Images are left to be done; finish them or hand the task back. */
  | 'unfinished_images'
  | 'no_images'
  /** Nobody is told why without words. */
  | 'reason_missing';

export type TaskMoveDecision =
  | { readonly ok: true; readonly state: TaskState; readonly assignee_id: string | null }
  | { readonly ok: false; readonly problem: TaskMoveProblem };

interface MoveRule {
  readonly from: readonly TaskState[];
  readonly to: TaskState;
  /** The assignee's own moves; the others are review. */
  readonly by_assignee: boolean;
  readonly needs_reason?: boolean;
  readonly needs_finished?: boolean;
}

const MOVES: Readonly<Record<TaskMove, MoveRule>> = {
  start: { from: ['pending'], to: 'in_progress', by_assignee: true },
  submit: { from: ['pending', 'in_progress'], to: 'submitted', by_assignee: true, needs_finished: true },
  hand_back: { from: ['pending', 'in_progress'], to: 'pending', by_assignee: true, needs_reason: true },
  send_back: { from: ['submitted', 'completed'], to: 'in_progress', by_assignee: false, needs_reason: true },
  complete: { from: ['submitted'], to: 'completed', by_assignee: false, needs_finished: true },
  reopen: { from: ['completed'], to: 'in_progress', by_assignee: false },
};

/** Whether the move may be made now by this person, and what it leads to. Handing back leaves the task without an assignee. */
export function decideTaskMove(
  task: TaskHead,
  move: TaskMove,
  actor: TaskActor,
  reason: string | null = null,
): TaskMoveDecision {
  const rule = MOVES[move];
  const manages = can(actor.role, 'task.manage');
  if (rule.by_assignee && !manages && task.assignee_id !== actor.user_id) return { ok: false, problem: 'not_assignee' };
  if (!rule.from.includes(task.state)) return { ok: false, problem: 'wrong_state' };
  if (rule.needs_reason && !reason?.trim()) return { ok: false, problem: 'reason_missing' };
  if (rule.needs_finished && task.image_count === 0) return { ok: false, problem: 'no_images' };
  if (rule.needs_finished && task.unfinished > 0) return { ok: false, problem: 'unfinished_images' };
  return { ok: true, state: rule.to, assignee_id: move === 'hand_back' ? null : task.assignee_id };
}

/** What happens to a task whose person is gone: what was begun waits for the next one, what was handed in stays with the reviewers. */
export function taskStateWithoutPerson(state: TaskState): TaskState {
  return state === 'in_progress' ? 'pending' : state;
}

/** What happens to a task that gets more images: whoever has it has work again. */
export function taskStateWithMoreImages(state: TaskState): TaskState {
  return taskStateAfterRejection(state);
}

/** What happens to a task whose image was rejected: whoever worked on it has work again. */
export function taskStateAfterRejection(state: TaskState): TaskState {
  return state === 'submitted' || state === 'completed' ? 'in_progress' : state;
}
