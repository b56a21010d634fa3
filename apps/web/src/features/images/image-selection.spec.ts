import { everything, extended, NOTHING, toggled, within } from './image-selection';

const shown = [5, 3, 9, 1, 7];

test('one is selected and left again', () => {
  const one = toggled(NOTHING, 3);
  expect([...one.ids]).toEqual([3]);
  expect([...toggled(one, 3).ids]).toEqual([]);
  expect([...toggled(one, 9).ids]).toEqual([3, 9]);
});

test('a range goes from the last one to this one, either way, and begins where it began', () => {
  const down = extended(toggled(NOTHING, 3), shown, 1);
  expect([...down.ids]).toEqual([3, 9, 1]);
  const up = extended(down, shown, 5);
  expect([...up.ids].sort()).toEqual([1, 3, 5, 9]);
  expect(up.anchor).toBe(3);
});

test('without a beginning, or when that is gone, a range is one image', () => {
  expect([...extended(NOTHING, shown, 9).ids]).toEqual([9]);
  expect([...extended(toggled(NOTHING, 100), shown, 9).ids]).toEqual([100, 9]);
});

test('selecting one by one ends "all that match"', () => {
  const all = { ...everything(NOTHING, shown), matching: true };
  expect(toggled(all, 3)).toMatchObject({ matching: false });
  expect(extended(all, shown, 3)).toMatchObject({ matching: false });
});

test('what somebody took out of the list is not selected any more', () => {
  const all = everything(NOTHING, shown);
  expect([...within(all, [5, 9]).ids]).toEqual([5, 9]);
  expect(within(all, shown)).toBe(all);
});
