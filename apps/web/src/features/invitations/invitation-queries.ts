import type { Client } from '@labelyard/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

export type Box = 'received' | 'sent';

/** Invitations of a box, newest first, page by page. */
export function invitationListQuery(box: Box, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.invitations(box),
    queryFn: ({ pageParam, signal }) =>
      api('invitations.list', { query: { box, cursor: pageParam, limit: 50 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** How many wait for an answer; told of by the tab's line, and looked at again when somebody comes back to the window. */
export function invitationCountQuery(api: Client = browserApi) {
  return queryOptions({
    queryKey: queryKeys.invitations('count'),
    queryFn: ({ signal }) => api('invitations.count', {}, { signal }),
    refetchOnWindowFocus: 'always',
  });
}
