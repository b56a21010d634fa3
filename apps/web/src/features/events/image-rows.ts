import type { Client, ProjectImage } from '@labelyard/contract';
import type { ImageStatus, TaskType } from '@labelyard/domain';
import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query';
import { queryKeys } from '@/query-keys';
import { readAnew } from '@/read-anew';

type Page = { readonly items: readonly ProjectImage[]; readonly next_cursor: string | null };
type Pages = InfiniteData<Page>;

/** Rows read one by one; beyond it, lists are read anew. */
const MOST_ROWS = 8;
/** Each is a small request. What came back beyond it is there when the list is opened again. */
const MOST_BROUGHT_BACK = 50;
/** Reading a list anew means all of its pages. */
const MOST_PAGES = 3;

/**
 * Brings changed images up to date in every list on show. Lists keep their order and scroll position, and one changed
 * image among 100,000 costs one small request.
 */
export async function refreshImageRows(
  queries: QueryClient,
  api: Client,
  project_id: number,
  image_ids: ReadonlySet<number>,
): Promise<void> {
  const lists = imageLists(queries, project_id);
  const shown = [...new Set(lists.flatMap(([, data]) => rowsOf(data).map(({ id }) => id)))];
  const changed = shown.filter((id) => image_ids.has(id));
  if (changed.length > MOST_ROWS) {
    await Promise.all(
      lists.map(([queryKey, data]) => {
        const short = data.pages.length <= MOST_PAGES;
        return readAnew(queries, { queryKey, exact: true, refetchType: short ? 'active' : 'none' });
      }),
    );
    return;
  }
  await Promise.all(
    lists.map(async ([queryKey, list]) => {
      const ids = rowsOf(list).flatMap(({ id }) => (image_ids.has(id) ? [id] : []));
      const rows = await readRows(api, project_id, ids, filterOf(queryKey).task_type);
      const byId = new Map(rows.map((row) => [row.id, row]));
      if (byId.size > 0) queries.setQueryData<Pages>(queryKey, (data) => data && patched(data, byId));
    }),
  );
}

/** Takes deleted images out of every list there is. What follows moves up; cursors of pages not read yet stay good. */
export function dropImageRows(queries: QueryClient, project_id: number, image_ids: ReadonlySet<number>): void {
  for (const queryKey of listKeys(project_id))
    queries.setQueriesData<Pages>({ queryKey }, (data) => data && without(data, image_ids));
}

export function without(data: Pages, image_ids: ReadonlySet<number>): Pages {
  const pages = data.pages.map((page) =>
    page.items.some(({ id }) => image_ids.has(id))
      ? { ...page, items: page.items.filter(({ id }) => !image_ids.has(id)) }
      : page,
  );
  return pages.some((page, n) => page !== data.pages[n]) ? { ...data, pages } : data;
}

/**
 * Puts restored images back into the strips that are on show. Their pages reach both ways and are not read anew; an image beyond what is
 * loaded comes with its page.
 */
export async function bringBackImageRows(
  queries: QueryClient,
  api: Client,
  project_id: number,
  image_ids: readonly number[],
): Promise<void> {
  const strips = queries.getQueriesData<Pages>({ queryKey: ['strip', project_id], type: 'active' });
  await Promise.all(
    strips.map(async ([queryKey]) => {
      const filter = filterOf(queryKey);
      const rows = await readRows(api, project_id, image_ids.slice(0, MOST_BROUGHT_BACK), filter.task_type);
      const wanted = rows.filter((row) => passes(row, filter));
      queries.setQueryData<Pages>(queryKey, (data) => data && wanted.reduce(withRow, data));
    }),
  );
}

/** With a row at its place in the order of paths, where the pages have that place: between their rows, or at an end that was reached. */
export function withRow(data: Pages, row: ProjectImage): Pages {
  const { pages, pageParams } = data;
  if (pages.some(({ items }) => items.some(({ id }) => id === row.id))) return data;
  const follows = (items: readonly ProjectImage[]) => items.findIndex(({ path }) => path > row.path);
  const at = pages.findIndex(({ items }) => follows(items) >= 0);
  const into = at < 0 ? pages.length - 1 : at;
  const page = pages[into];
  const [first] = pageParams as { direction?: string }[];
  const isBegun = first?.direction === 'backward' && pages[0]?.next_cursor === null;
  const isBehindOne = pages.slice(0, into + 1).some(({ items }) => items.some(({ path }) => path < row.path));
  const isEnded = at >= 0 || page?.next_cursor === null;
  if (!page || !isEnded || !(isBegun || isBehindOne)) return data;
  const index = at < 0 ? page.items.length : follows(page.items);
  return { ...data, pages: pages.with(into, { ...page, items: page.items.toSpliced(index, 0, row) }) };
}

function passes(row: ProjectImage, { status, task_id }: ListFilter): boolean {
  // Which task an image is in its row does not say.
  return task_id == null && (status == null || row.status === status);
}

/** Those that can be read, as a list of this task type shows them. */
async function readRows(
  api: Client,
  project_id: number,
  image_ids: readonly number[],
  task_type: TaskType | undefined,
): Promise<ProjectImage[]> {
  const rows = await Promise.all(
    image_ids.map((image_id) =>
      api('images.get', { params: { project_id, image_id }, query: { task_type } }).catch(() => null),
    ),
  );
  return rows.filter((row) => row !== null);
}

function listKeys(project_id: number): readonly QueryKey[] {
  return [queryKeys.images(project_id), ['strip', project_id]];
}

function imageLists(queries: QueryClient, project_id: number): [QueryKey, Pages][] {
  return listKeys(project_id)
    .flatMap((queryKey) => queries.getQueriesData<Pages>({ queryKey, type: 'active' }))
    .flatMap(([key, data]) => (data ? [[key, data] as [QueryKey, Pages]] : []));
}

function rowsOf(data: Pages): readonly ProjectImage[] {
  return data.pages.flatMap((page) => page.items);
}

interface ListFilter {
  /** Where there is one, the list's `status` and `annotation_count` are of that one. */
  readonly task_type?: TaskType;
  readonly status?: ImageStatus | null;
  readonly task_id?: number | null;
}

/** The filter is a part of a list's key. */
function filterOf(queryKey: QueryKey): ListFilter {
  const isFilter = (part: unknown): part is ListFilter => typeof part === 'object' && part !== null;
  return queryKey.find(isFilter) ?? {};
}

export function patched(data: Pages, byId: ReadonlyMap<number, ProjectImage>): Pages {
  const pages = data.pages.map((page) => {
    if (!page.items.some(({ id }) => byId.has(id))) return page;
    return { ...page, items: page.items.map((item) => updated(item, byId.get(item.id))) };
  });
  return { ...data, pages };
}

function updated(item: ProjectImage, row: ProjectImage | undefined): ProjectImage {
  if (!row) return item;
  // Links of the storage differ with each reading; the picture behind them does not.
  const { url, thumbnail_url } = item.thumbnail_url === null ? row : item;
  return { ...row, url, thumbnail_url };
}
