import type { Client } from '@labelyard/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
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
