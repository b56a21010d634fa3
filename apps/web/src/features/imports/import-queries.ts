import type { Client, ImportJob } from '@labelyard/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

/** Still changing by itself. */
export function isUnderWay({ status }: Pick<ImportJob, 'status'>): boolean {
  return status === 'checking' || status === 'applying' || status === 'undoing';
}

/** What is under way is told by the project's events; this is for when their line is down. */
const LOOK_AGAIN_MS = 10_000;

/** Imports of a project, newest first. */
export function importListQuery(projectId: number, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.imports(projectId),
    queryFn: ({ pageParam, signal }) =>
      api('imports.list', { query: { project_id: projectId, cursor: pageParam, limit: 20 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isUnderWay)) ? LOOK_AGAIN_MS : false,
  });
}

/** Examples of one kind of problem; the report counts them all. */
export function issuesQuery(importId: number, code: string) {
  return queryOptions({
    queryKey: queryKeys.import(importId, 'issues', code),
    queryFn: ({ signal }) =>
      browserApi('imports.issues', { params: { import_id: importId }, query: { code, limit: 20 } }, { signal }),
    staleTime: Infinity,
  });
}

export function undoQuery(importId: number) {
  return queryOptions({
    queryKey: queryKeys.import(importId, 'undo'),
    queryFn: ({ signal }) => browserApi('imports.undo_preview', { params: { import_id: importId } }, { signal }),
    staleTime: 0,
  });
}
