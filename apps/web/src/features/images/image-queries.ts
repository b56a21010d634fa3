import type { Client, imagePage } from '@labelyard/contract';
import { infiniteQueryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';
import { DEFAULT_SORT, type ImageFilter } from './image-filter';

type ImagePage = (typeof imagePage)['_output'];

/** The first page comes with the document and is short; those fetched while scrolling are long. */
const FIRST_PAGE = 60;
const NEXT_PAGES = 200;
/** Pages that are kept, and refreshed, when the grid is left. */
const KEPT_PAGES = 5;

/** Images of a project behind a filter, page by page. */
export function imageListQuery(projectId: number, filter: ImageFilter, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.images(projectId, filter),
    queryFn: ({ pageParam, signal }) =>
      api(
        'images.list',
        {
          params: { project_id: projectId },
          query: {
            sort: DEFAULT_SORT,
            ...filter,
            cursor: pageParam,
            limit: pageParam === undefined ? FIRST_PAGE : NEXT_PAGES,
          },
        },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 30_000,
    // Refreshing means every loaded page again: only on coming back to the grid, when few are kept.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Forgets all but the first pages of every image list of a project, so that coming back refreshes only those. */
export function trimImageLists(queries: QueryClient, projectId: number): void {
  queries.setQueriesData<InfiniteData<ImagePage>>({ queryKey: queryKeys.images(projectId) }, (data) =>
    data && data.pages.length > KEPT_PAGES
      ? { pages: data.pages.slice(0, KEPT_PAGES), pageParams: data.pageParams.slice(0, KEPT_PAGES) }
      : data,
  );
}
