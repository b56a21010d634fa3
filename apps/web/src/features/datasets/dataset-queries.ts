import type { Client } from '@labelyard/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

/** Datasets by part of their name, newest first, page by page. The same options fetch on the server. */
export function datasetListQuery(q: string, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.datasets(q),
    queryFn: ({ pageParam, signal }) =>
      api('datasets.list', { query: { q: q || undefined, cursor: pageParam, limit: 24 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function datasetQuery(datasetId: number, api: Client = browserApi) {
  return queryOptions({
    queryKey: queryKeys.dataset(datasetId),
    queryFn: ({ signal }) => api('datasets.get', { params: { dataset_id: datasetId } }, { signal }),
  });
}

export function projectQuery(projectId: number, api: Client = browserApi) {
  return queryOptions({
    queryKey: queryKeys.project(projectId),
    queryFn: ({ signal }) => api('projects.get', { params: { project_id: projectId } }, { signal }),
  });
}
