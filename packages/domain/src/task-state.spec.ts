import fc from 'fast-check';
import {
  decideTaskMove,
  TASK_MOVES,
  TASK_STATES,
  taskStateAfterRejection,
  taskStateWithoutPerson,
  type TaskHead,
} from './task-state.js';
import { ROLES } from './permissions.js';

const task = (values: Partial<TaskHead> = {}): TaskHead => ({
  state: 'in_progress',
  assignee_id: 'ann',
  unfinished: 0,
  image_count: 5,
  ...values,
});
const ann = { user_id: 'ann', role: 'annotator' } as const;
const rita = { user_id: 'rita', role: 'reviewer' } as const;
const adam = { user_id: 'adam', role: 'admin' } as const;

test('the usual way: started, submitted, completed', () => {
  expect(decideTaskMove(task({ state: 'pending' }), 'start', ann)).toEqual({
    ok: true,
    state: 'in_progress',
    assignee_id: 'ann',
  });
  expect(decideTaskMove(task(), 'submit', ann)).toMatchObject({ ok: true, state: 'submitted' });
  expect(decideTaskMove(task({ state: 'submitted' }), 'complete', rita)).toMatchObject({
    ok: true,
    state: 'completed',
  });
});

test('handing back needs words and leaves the task to nobody', () => {
  expect(decideTaskMove(task(), 'hand_back', ann, '  ')).toEqual({ ok: false, problem: 'reason_missing' });
  expect(decideTaskMove(task(), 'hand_back', ann, 'Too blurred')).toEqual({
    ok: true,
    state: 'pending',
    assignee_id: null,
  });
});

test('unfinished work is not submitted, and nothing at all is not either', () => {
  expect(decideTaskMove(task({ unfinished: 1 }), 'submit', ann)).toEqual({ ok: false, problem: 'unfinished_images' });
  expect(decideTaskMove(task({ image_count: 0 }), 'submit', ann)).toEqual({ ok: false, problem: 'no_images' });
});

test('other annotators and reviewers leave a person’s task alone; who manages tasks may help', () => {
  expect(decideTaskMove(task(), 'submit', { ...ann, user_id: 'bob' })).toEqual({ ok: false, problem: 'not_assignee' });
  expect(decideTaskMove(task(), 'submit', rita)).toEqual({ ok: false, problem: 'not_assignee' });
  expect(decideTaskMove(task(), 'submit', adam)).toMatchObject({ ok: true });
});

test('a rejection wakes what was handed in', () => {
  expect(TASK_STATES.map(taskStateAfterRejection)).toEqual(['pending', 'in_progress', 'in_progress', 'in_progress']);
});

test('without its person, begun work waits and submitted work stays with the reviewers', () => {
  expect(TASK_STATES.map(taskStateWithoutPerson)).toEqual(['pending', 'pending', 'submitted', 'completed']);
});

test('no move twice: a second request of the same kind finds the task elsewhere', () => {
  const states = fc.constantFrom(...TASK_STATES);
  const moves = fc.constantFrom(...TASK_MOVES.filter((move) => move !== 'hand_back'));
  fc.assert(
    fc.property(states, moves, fc.constantFrom(...ROLES), (state, move, role) => {
      const actor = { user_id: 'ann', role };
      const first = decideTaskMove(task({ state }), move, actor, 'because');
      if (!first.ok) return;
      const after = task({ state: first.state, assignee_id: first.assignee_id });
      expect(decideTaskMove(after, move, actor, 'because')).toEqual({ ok: false, problem: 'wrong_state' });
    }),
  );
});
