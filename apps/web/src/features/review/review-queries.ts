import type { Client } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

export interface ReviewFilter {
  readonly task_type?: TaskType;
  readonly annotator?: string;
  readonly class_id?: number;
}

/** Images waiting for a reviewer, oldest first. */
export function reviewQueueQuery(projectId: number, filter: ReviewFilter = {}, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.review(projectId, filter),
    queryFn: ({ pageParam, signal }) =>
      api(
        'review.queue',
        { params: { project_id: projectId }, query: { ...filter, cursor: pageParam, limit: 100 } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
