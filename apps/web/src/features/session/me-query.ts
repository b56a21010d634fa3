import type { Client } from '@labelyard/contract';
import { queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

/** Who is signed in. */
export function meQuery(api: Client = browserApi) {
  return queryOptions({
    queryKey: queryKeys.me,
    queryFn: ({ signal }) => api('auth.me', {}, { signal }),
    staleTime: 60_000,
  });
}
