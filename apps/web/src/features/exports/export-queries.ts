import type { Client, ExportJob } from '@labelyard/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

/** Still changing by itself. */
export function isUnderWay({ status }: Pick<ExportJob, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** Exports of a project, newest first; looked at every second while one is under way. */
export function exportListQuery(projectId: number, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.exports(projectId),
    queryFn: ({ pageParam, signal }) =>
      api('exports.list', { query: { project_id: projectId, cursor: pageParam, limit: 20 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some(isUnderWay)) ? 1_000 : false),
  });
}
