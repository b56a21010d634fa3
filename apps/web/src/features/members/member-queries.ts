import type { Client } from '@labelyard/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

/** Members of a project, page by page. */
export function memberListQuery(projectId: number, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.members(projectId),
    queryFn: ({ pageParam, signal }) =>
      api('members.list', { params: { project_id: projectId }, query: { cursor: pageParam, limit: 100 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** Rows a search of members answers at most: the most there is. */
export const MEMBERS_FOUND = 50;

/** Members by a part of their name or address, of however many there are. */
export function memberSearchQuery(projectId: number, { q, workers = false }: { q: string; workers?: boolean }) {
  return queryOptions({
    queryKey: queryKeys.memberSearch(projectId, { q, workers }),
    queryFn: ({ signal }) =>
      browserApi(
        'members.search',
        { params: { project_id: projectId }, query: { q, workers: workers ? 'true' : 'false', limit: MEMBERS_FOUND } },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}

/** Invitations to a project that nobody has answered yet. */
export function projectInvitationsQuery(projectId: number, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.projectInvitations(projectId),
    queryFn: ({ pageParam, signal }) =>
      api(
        'invitations.for_project',
        { params: { project_id: projectId }, query: { cursor: pageParam, limit: 50 } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}
