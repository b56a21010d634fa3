import { ApiError, type Client, type LabelClass } from '@labelyard/contract';
import { MutationObserver, QueryClient } from '@tanstack/react-query';
import { classChanges } from './class-changes';
import { classQuery } from './class-queries';

const classes = ['car', 'tree'].map((name, position) => ({
  id: position + 1,
  name,
  color: '#000000',
  task_type: 'detection',
  position,
})) as LabelClass[];

function setUp(api: () => Promise<unknown>) {
  const queries = new QueryClient();
  const { queryKey } = classQuery(1);
  queries.setQueryData(queryKey, { items: classes } as never);
  const told: unknown[] = [];
  const changes = classChanges(queries, api as unknown as Client, 1, (error) => told.push(error));
  const names = () => queries.getQueryData(queryKey)?.items.map(({ name }) => name);
  return { queries, changes, told, names };
}

const offline = new ApiError(0, 'unreachable', 'offline');

test('a new name is shown at once, and taken back when it cannot be stored', async () => {
  const answer = Promise.withResolvers<unknown>();
  const { queries, changes, told, names } = setUp(() => answer.promise);
  const renaming = new MutationObserver(queries, changes.update).mutate({ id: 1, name: 'bus' });
  await Promise.resolve();
  await new Promise(setImmediate);
  expect(names()).toEqual(['bus', 'tree']);
  answer.reject(offline);
  await expect(renaming).rejects.toBe(offline);
  // Nothing could be read anew either.
  expect(names()).toEqual(['car', 'tree']);
  expect(told).toEqual([offline]);
});

test('so is a new order', async () => {
  const { queries, changes, names } = setUp(() => Promise.reject(offline));
  const reordering = new MutationObserver(queries, changes.reorder);
  await expect(reordering.mutate({ task_type: 'detection', class_ids: [2, 1] })).rejects.toBe(offline);
  expect(names()).toEqual(['car', 'tree']);
});
