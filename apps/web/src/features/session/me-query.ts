import { queryOptions } from '@tanstack/react-query';
import { api } from '@/api';
import { queryKeys } from '@/query-keys';

/** Who is signed in. */
export function meQuery() {
  return queryOptions({
    queryKey: queryKeys.me,
    queryFn: ({ signal }) => api('auth.me', {}, { signal }),
    staleTime: 60_000,
  });
}
