import { infiniteQueryOptions } from '@tanstack/react-query';
import { api } from '@/api';
import { queryKeys } from '@/query-keys';

/** Tokens of a project, or with null of the whole installation. */
export function tokensQuery(projectId: number | null) {
  return infiniteQueryOptions({
    queryKey: queryKeys.serviceTokens(projectId),
    queryFn: ({ pageParam, signal }) => {
      const query = { cursor: pageParam };
      return projectId === null
        ? api('admin.service_tokens', { query }, { signal })
        : api('service_tokens.list', { params: { project_id: projectId }, query }, { signal });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
