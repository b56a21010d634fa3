import type { LockHolder } from '@labelyard/contract';
import { LiveBoard } from './live-board';

const lock = (user_id: string): LockHolder => ({ user_id, user_name: user_id, acquired_at: '', expires_at: '' });
const person = (user_id: string, image_id: number | null) => ({
  user_id,
  user_name: user_id,
  badge_color: null,
  image_id,
});

test('people come, move and go', () => {
  const board = new LiveBoard(() => Promise.resolve([]));
  board.hear({ type: 'presence', whole: true, people: [person('a', null), person('b', 1)], left: [] });
  board.hear({ type: 'presence', whole: false, people: [person('a', 2)], left: ['b'] });
  expect(board.snapshot().people).toEqual([person('a', 2)]);
  board.hear({ type: 'presence', whole: true, people: [person('c', null)], left: [] });
  expect(board.snapshot().people).toEqual([person('c', null)]);
});

test('what is told while the list is read counts more than the list', async () => {
  let answer: (locks: (LockHolder & { image_id: number })[]) => void = () => undefined;
  const board = new LiveBoard(() => new Promise((resolve) => (answer = resolve)));
  board.hear({ type: 'resync' });
  board.hear({ type: 'lock', image_id: 1, lock: null });
  board.hear({ type: 'lock', image_id: 3, lock: lock('c') });
  answer([
    { ...lock('a'), image_id: 1 },
    { ...lock('b'), image_id: 2 },
  ]);
  await Promise.resolve();
  await Promise.resolve();
  expect([...board.snapshot().locks]).toEqual([
    [2, lock('b')],
    [3, lock('c')],
  ]);
});
