import type { Client, ExportJob } from '@labelyard/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';
import type { requestOf } from './export-request';

/** Still changing by itself. */
export function isUnderWay({ status }: Pick<ExportJob, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** What is under way is told by the project's events; this is for when their line is down. */
const LOOK_AGAIN_MS = 10_000;

/** Exports of a project, newest first. */
export function exportListQuery(projectId: number, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.exports(projectId),
    queryFn: ({ pageParam, signal }) =>
      api('exports.list', { query: { project_id: projectId, cursor: pageParam, limit: 20 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isUnderWay)) ? LOOK_AGAIN_MS : false,
  });
}

/** What an export would hold. Counting is work for the database, so an answer is good for a while. */
export function exportPreviewQuery(request: ReturnType<typeof requestOf>) {
  return queryOptions({
    queryKey: queryKeys.exportPreview(request.project_id, request),
    queryFn: ({ signal }) => browserApi('exports.preview', { body: request }, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
