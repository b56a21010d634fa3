import { isNarrowed, readImageFilter, workbenchPath, writeImageFilter } from './image-filter';

const read = (query: string) => readImageFilter(new URLSearchParams(query));

test('an address gives back the filter it was written from', () => {
  const filter = {
    task_type: 'detection',
    status: 'in_progress',
    split: 'val',
    class_id: 7,
    task_id: 12,
    q: 'a b&c',
    sort: '-uploaded_at',
  } as const;
  expect(readImageFilter(writeImageFilter(new URLSearchParams(), filter))).toEqual(filter);
});

test.each([
  'status=done',
  'class_id=-1',
  'class_id=1.5',
  'class_id=x',
  'task_id=0',
  'task_type=tracking',
  'sort=name',
  'q=%20%20',
])('%s is ignored', (query) => expect(read(query)).toEqual({}));

test('other parameters stay', () => {
  expect(writeImageFilter(new URLSearchParams('tab=1&status=rejected'), {}).toString()).toBe('tab=1');
});

test('sorting and the task type hide nothing', () => {
  expect(isNarrowed({ sort: '-id', task_type: 'detection' })).toBe(false);
  expect(isNarrowed({ q: 'x' })).toBe(true);
});

test('the workbench gets the image, the task and the list it came from', () => {
  expect(workbenchPath(3, 9, 'segmentation', { task_type: 'segmentation', status: 'rejected', sort: '-id' })).toBe(
    '/datasets/3/label?image=9&task=segmentation&status=rejected&sort=-id',
  );
});
