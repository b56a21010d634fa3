import { moveItem, rowAt, shownShift, stepTo } from './reorder';

test.each([
  [0, 2, ['b', 'c', 'a', 'd']],
  [3, 0, ['d', 'a', 'b', 'c']],
  [1, 1, ['a', 'b', 'c', 'd']],
])('an item moves from %d to %d', (from, to, expected) => {
  expect(moveItem(['a', 'b', 'c', 'd'], from, to)).toEqual(expected);
});

test('steps stop at the ends', () => {
  const carried = { id: 1, from: 1, at: 1, by: 'keyboard' } as const;
  expect(stepTo(carried, -5, 4).at).toBe(0);
  expect(stepTo(carried, 5, 4).at).toBe(3);
});

test.each([
  [95, 0],
  [100, 0],
  [149, 1],
  [10_000, 3],
])('a pointer at %d is over row %d', (y, row) => {
  expect(rowAt(y, 100, 48, 4)).toBe(row);
});

test.each([
  [1, 3],
  [3, 0],
  [2, 2],
])('carried from %d to %d, rows are shown where they would end up', (from, at) => {
  const rows = ['a', 'b', 'c', 'd'];
  const shown: string[] = [];
  rows.forEach((row, index) => (shown[index + shownShift(index, { id: 1, from, at, by: 'pointer' })] = row));
  expect(shown).toEqual(moveItem(rows, from, at));
});
