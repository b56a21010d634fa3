import type { Client, ProjectImage } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import type { InfiniteData, QueryClient, QueryKey } from '@tanstack/react-query';
import { queryKeys } from '@/query-keys';
import { readAnew } from '@/read-anew';

type Page = { readonly items: readonly ProjectImage[]; readonly next_cursor: string | null };
type Pages = InfiniteData<Page>;

/** Rows read one by one; beyond it, lists are read anew. */
const MOST_ROWS = 8;
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
  const rows = await Promise.all(
    changed.map((image_id) => api('images.get', { params: { project_id, image_id } }).catch(() => null)),
  );
  const byId = new Map(rows.flatMap((row) => (row ? [[row.id, row] as const] : [])));
  if (byId.size === 0) return;
  for (const [queryKey] of lists)
    queries.setQueryData<Pages>(queryKey, (data) => data && patched(data, byId, taskOf(queryKey)));
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

/** The filter is a part of a list's key; where it names a task type, the list's `status` is of that one. */
function taskOf(queryKey: QueryKey): TaskType | undefined {
  const isFilter = (part: unknown): part is { task_type?: TaskType } => typeof part === 'object' && part !== null;
  return queryKey.find(isFilter)?.task_type;
}

export function patched(data: Pages, byId: ReadonlyMap<number, ProjectImage>, task_type: TaskType | undefined): Pages {
  const pages = data.pages.map((page) => {
    if (!page.items.some(({ id }) => byId.has(id))) return page;
    return { ...page, items: page.items.map((item) => updated(item, byId.get(item.id), task_type)) };
  });
  return { ...data, pages };
}

function updated(item: ProjectImage, row: ProjectImage | undefined, task_type: TaskType | undefined): ProjectImage {
  if (!row) return item;
  // Links of the storage differ with each reading; the picture behind them does not.
  const { url, thumbnail_url } = item.thumbnail_url === null ? row : item;
  const status = task_type ? (row.statuses[task_type] ?? 'not_started') : row.status;
  return { ...row, url, thumbnail_url, status };
}
