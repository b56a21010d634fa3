import type { Client, CommentListFilter } from '@labelyard/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

export interface CommentFilter {
  readonly image_id?: number;
  readonly filter?: CommentListFilter;
}

/** Threads of a project or an image, newest first. */
export function commentListQuery(projectId: number, filter: CommentFilter, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.comments(projectId, filter),
    queryFn: ({ pageParam, signal }) =>
      api(
        'comments.list',
        {
          params: { project_id: projectId },
          query: { ...filter, cursor: pageParam, limit: filter.image_id === undefined ? 50 : 200 },
        },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
