import { shapePath } from './shape-path';

test('a box, a polygon with a hole, a circle and visible keypoints', () => {
  expect(shapePath({ type: 'bbox', bbox: [1, 2, 3, 4] }, 1)).toBe('M1 2h3v4h-3Z');
  const outer = [[0, 0], [9, 0], [9, 9]] as const; // prettier-ignore
  const hole = [[4, 1], [5, 1], [5, 2]] as const; // prettier-ignore
  expect(shapePath({ type: 'polygon', polygons: [[outer, [hole]]] }, 1)).toBe('M0 0L9 0L9 9ZM4 1L5 1L5 2Z');
  expect(shapePath({ type: 'circle', center: [5, 6], radius: 2 }, 1)).toBe('M3 6a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z');
  expect(shapePath({ type: 'keypoints', points: [[0, 0, 0], [5, 6, 2]] }, 2)).toBe('M3 6a2 2 0 1 0 4 0a2 2 0 1 0 -4 0Z'); // prettier-ignore
});

test('a mask runs down its columns, also from one into the next', () => {
  // 2 rows, 3 columns: background 1, mask 3, background 2.
  expect(shapePath({ type: 'mask', size: [2, 3], counts: '132' }, 1)).toBe('M0 1h1v1h-1ZM1 0h1v2h-1Z');
});

test('what has no place on the image has no path', () => {
  expect(shapePath({ type: 'classification' }, 1)).toBeNull();
});
