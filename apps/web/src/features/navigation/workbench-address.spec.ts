import { isWorkbench } from './workbench-address';

test.each([
  ['/datasets/3/label', true],
  ['/datasets/3/label/', true],
  ['/datasets/3/labels', false],
  ['/datasets/3', false],
  ['/datasets', false],
  ['/login', false],
])('%s', (path, expected) => expect(isWorkbench(path)).toBe(expected));
