import { difference, PresenceBoard, type PresenceEvent } from './presence-board.js';

const person = (user_id: string, image_id: number | null = null) => ({
  user_id,
  user_name: user_id.toUpperCase(),
  badge_color: null,
  image_id,
});
const board = (...people: ReturnType<typeof person>[]) => new Map(people.map((one) => [one.user_id, one]));

test('only who came, moved or left is told', () => {
  expect(
    difference(board(person('a'), person('b', 1), person('c')), board(person('a'), person('b', 2), person('d'))),
  ).toEqual({
    type: 'presence',
    whole: false,
    people: [person('b', 2), person('d')],
    left: ['c'],
  });
});

test('a hundred stirs are one or two readings, and the last change is seen', async () => {
  let people = [person('a')];
  let readings = 0;
  const told: PresenceEvent[] = [];
  let wake: () => void = () => undefined;
  const show = new PresenceBoard(
    () => {
      readings += 1;
      return Promise.resolve(people);
    },
    (change) => {
      told.push(change);
      wake();
    },
    (error) => {
      throw error;
    },
  );
  for (let n = 0; n < 100; n += 1) show.stir();
  people = [person('b')];
  await new Promise<void>((resolve) => (wake = resolve));
  expect(readings).toBe(1);
  expect(told.at(-1)?.people).toEqual([person('b')]);
  show.close();
});
