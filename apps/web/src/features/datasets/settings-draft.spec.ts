import { changesOf, followed, type SettingsDraft } from './settings-draft';

const dataset: SettingsDraft = { name: 'Streets', description: '', task_types: ['detection'], visibility: 'private' };

test('only what differs is sent, without blanks around it', () => {
  expect(changesOf(dataset, { ...dataset })).toEqual({});
  expect(changesOf(dataset, { ...dataset, name: ' Roads ', task_types: ['detection', 'segmentation'] })).toEqual({
    name: 'Roads',
    task_types: ['detection', 'segmentation'],
  });
});

test('what somebody else changed meanwhile is followed, and not undone by saving something else', () => {
  const draft = { ...dataset, description: 'By night' };
  const renamed = { ...dataset, name: 'Roads' };
  const next = followed(draft, dataset, renamed);
  expect(next).toEqual({ ...renamed, description: 'By night' });
  expect(changesOf(renamed, next)).toEqual({ description: 'By night' });
});

test('of a field that both changed, one’s own stays to be decided on', () => {
  const next = followed({ ...dataset, name: 'Mine' }, dataset, { ...dataset, name: 'Theirs' });
  expect(next.name).toBe('Mine');
});
