import type { Client, RestoreSelection } from '@labelyard/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';
import { changedAnnotations } from './told-changes';

/** When an image was changed, newest first. */
export function momentsQuery(project_id: number, image_id: number, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.moments(project_id, image_id),
    queryFn: ({ pageParam, signal }) =>
      api('images.moments', { params: { project_id, image_id }, query: { cursor: pageParam, limit: 100 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
  });
}

/** An image as it was, as it was before the change of that time, and what going back there would do. */
export function pastImageQuery(project_id: number, image_id: number, at: string, api: Client = browserApi) {
  return queryOptions({
    queryKey: queryKeys.pastImage(project_id, image_id, at),
    queryFn: async ({ signal }) => {
      const request = { params: { project_id, image_id }, query: { at } };
      const before = { ...request, query: { at: new Date(Date.parse(at) - 1).toISOString() } };
      const [past, earlier, preview] = await Promise.all([
        api('images.as_of', request, { signal }),
        api('images.as_of', before, { signal }),
        api('images.restore_preview', request, { signal }),
      ]);
      return { past, preview, changes: changedAnnotations(earlier.items, past.items) };
    },
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

type PersonSelection = Omit<Extract<RestoreSelection, { kind: 'person' }>, 'kind'> & { readonly overwrite: boolean };

/** What taking back a person's work would do. */
export function revertPreviewQuery(project_id: number, selection: PersonSelection, api: Client = browserApi) {
  const { overwrite, ...named } = selection;
  return queryOptions({
    queryKey: [...queryKeys.restores(project_id), 'preview', selection] as const,
    queryFn: ({ signal }) =>
      api(
        'restores.preview',
        { params: { project_id }, query: { ...named, overwrite: overwrite ? 'true' : 'false' } },
        { signal },
      ),
    staleTime: 0,
  });
}

/** What jobs brought back, newest first. What runs is told by events; asking again is for when their line is down. */
export function restoreListQuery(project_id: number, api: Client = browserApi) {
  return queryOptions({
    queryKey: [...queryKeys.restores(project_id), 'list'] as const,
    queryFn: ({ signal }) =>
      api('restores.list', { params: { project_id }, query: { limit: 20, jobs: 'true' } }, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status }) => status === 'queued' || status === 'running') ? 5_000 : false,
  });
}
