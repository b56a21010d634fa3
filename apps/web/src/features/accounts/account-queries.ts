import type { Client } from '@labelyard/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

export interface AccountFilter {
  readonly q: string;
  readonly active: 'true' | 'false' | undefined;
}

/** People of the installation by name, page by page. */
export function accountListQuery(filter: AccountFilter, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.accounts(filter),
    queryFn: ({ pageParam, signal }) =>
      api('accounts.list', { query: { ...filter, cursor: pageParam, limit: 50 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function organizationsQuery() {
  return queryOptions({
    queryKey: queryKeys.organizations,
    queryFn: ({ signal }) => api500(signal),
    staleTime: 60_000,
  });
}

function api500(signal: AbortSignal) {
  return browserApi('accounts.organizations', { query: { limit: 500 } }, { signal });
}
