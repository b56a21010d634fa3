import { dueInput, dueTime } from './due-input';

test('a day that was chosen comes back as that day', () => {
  for (const day of ['2030-01-01', '2030-12-31', '2028-02-29']) expect(dueInput(dueTime(day))).toBe(day);
});

test('none stays none', () => {
  expect(dueTime('')).toBeNull();
  expect(dueTime('soon')).toBeNull();
  expect(dueInput(null)).toBe('');
});
