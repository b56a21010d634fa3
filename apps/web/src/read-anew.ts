import type { InvalidateQueryFilters, QueryClient } from '@tanstack/react-query';

/**
 * Reads what is on show of these queries anew, after news of them. A reading that was on its way already may have missed the
 * news: it is not broken off, so that pages show something however fast the news come, but followed by another.
 */
export async function readAnew(queries: QueryClient, filters: InvalidateQueryFilters): Promise<void> {
  const underway = queries.isFetching(filters) > 0;
  await queries.invalidateQueries(filters, { cancelRefetch: false });
  if (underway) await queries.invalidateQueries(filters, { cancelRefetch: false });
}
