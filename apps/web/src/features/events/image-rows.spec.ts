import type { Client, ProjectImage } from '@labelyard/contract';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { bringBackImageRows, refreshImageRows, withRow, without } from './image-rows';

const row = (path: string) => ({ id: path.charCodeAt(0), path }) as ProjectImage;
const list = (pages: readonly string[], next_cursor: string | null = null) => ({
  pages: pages.map((paths, n) => ({
    items: paths.split('').map(row),
    next_cursor: n === pages.length - 1 ? next_cursor : 'more',
  })),
  pageParams: pages.map(() => ({})),
});
const paths = ({ pages }: { pages: readonly { items: readonly ProjectImage[] }[] }) =>
  pages.map(({ items }) => items.map(({ path }) => path).join(''));

test.each<[what: string, pages: string[], path: string, expected: string[]]>([
  ['between two of a page', ['bdf', 'hj'], 'c', ['bcdf', 'hj']],
  ['between two pages', ['bdf', 'hj'], 'g', ['bdf', 'ghj']],
  ['behind the last of all', ['bdf', 'hj'], 'k', ['bdf', 'hjk']],
  ['not before what is loaded: it may come with another page', ['bdf', 'hj'], 'a', ['bdf', 'hj']],
  ['not twice', ['bdf', 'hj'], 'd', ['bdf', 'hj']],
  ['behind a page that was emptied', ['bdf', ''], 'k', ['bdf', 'k']],
])('a restored image comes back %s', (_what, pages, path, expected) => {
  expect(paths(withRow(list(pages), row(path)))).toEqual(expected);
});

test('before all others where the beginning was reached', () => {
  const whole = list(['bdf', 'hj']);
  const begun = {
    pages: whole.pages.map((page, n) => (n === 0 ? { ...page, next_cursor: null } : page)),
    pageParams: [{ direction: 'backward' }, { direction: 'forward' }],
  };
  expect(paths(withRow(begun, row('a')))).toEqual(['abdf', 'hj']);
});

test('not behind what is loaded while there is more', () => {
  expect(paths(withRow(list(['bdf'], 'more'), row('k')))).toEqual(['bdf']);
});

test('what was taken out has its place again', () => {
  const whole = list(['bdf', 'hj']);
  for (const path of 'dfh')
    expect(paths(withRow(without(whole, new Set([row(path).id])), row(path))).join('')).toBe('bdfhj');
});

/** A strip on show, whose rows the server reads as of the task type it is asked for. */
function shownStrip(paths: string) {
  const queries = new QueryClient();
  const queryKey = ['strip', 1, { task_type: 'detection', status: null, task_id: null }, null];
  queries.setQueryData(queryKey, list([paths]));
  new QueryObserver(queries, { queryKey, staleTime: Infinity, queryFn: () => list([paths]) }).subscribe(
    () => undefined,
  );
  const api = (async (_endpoint: string, { params, query }: { params: { image_id: number }; query: object }) => {
    const path = String.fromCharCode(params.image_id);
    return { ...row(path), status: 'in_progress', annotation_count: 'task_type' in query ? 2 : 5 };
  }) as unknown as Client;
  const counts = () =>
    queries.getQueryData<ReturnType<typeof list>>(queryKey)?.pages[0]?.items.map((item) => `${item.path}${item.annotation_count}`); // prettier-ignore
  return { queries, api, counts };
}

test('a strip counts the labels of its task type, of rows that changed and of those that came back', async () => {
  const { queries, api, counts } = shownStrip('ac');
  await bringBackImageRows(queries, api, 1, [row('b').id]);
  await refreshImageRows(queries, api, 1, new Set([row('c').id]));
  expect(counts()).toEqual(['aundefined', 'b2', 'c2']);
  queries.clear();
});
