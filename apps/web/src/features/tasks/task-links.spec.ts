import { readWalk, walkPath, writeWalk } from './task-links';

test('a walk survives the address', () => {
  for (const walk of [
    { task_id: 7, review: false },
    { task_id: null, review: true },
    { task_id: null, review: false },
  ]) {
    const search = writeWalk(new URLSearchParams('image=3&task_id=99&review=1'), walk);
    expect(readWalk(search)).toEqual(walk);
    expect(search.get('image')).toBe('3');
  }
});

test('what makes no sense is no walk', () => {
  expect(readWalk(new URLSearchParams('task_id=x&review=yes'))).toEqual({ task_id: null, review: false });
});

test('a link says where to begin', () => {
  expect(walkPath(4, 'detection', { image_id: 9, task_id: 2 })).toBe(
    '/datasets/4/label?task=detection&image=9&task_id=2',
  );
  expect(walkPath(4, 'detection', { review: true })).toBe('/datasets/4/label?task=detection&review=1');
});
