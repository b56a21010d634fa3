import 'server-only';
import { ApiError } from '@labelyard/contract';
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { leavePage } from '@/server-api';

/**
 * Loads what a page shows first on the server and hands it to the queries of the same keys in the browser. A refused or
 * missing page leaves by Next's own ways; after any other failure the browser asks again and says what is wrong.
 */
export async function Prefetched({
  load,
  children,
}: {
  load: (queries: QueryClient) => Promise<unknown>;
  children: ReactNode;
}) {
  const queries = new QueryClient();
  try {
    await load(queries);
  } catch (error) {
    const temporary = error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500);
    if (!temporary) await leavePage(error);
  }
  return <HydrationBoundary state={dehydrate(queries)}>{children}</HydrationBoundary>;
}
