import type { Client, Version } from '@labelyard/contract';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

/** Still changing by itself. */
export function isBeingMade({ status }: Pick<Version, 'status'>): boolean {
  return status === 'queued' || status === 'building';
}

/** What is being made is told by the project's events; this is for when their line is down. */
const LOOK_AGAIN_MS = 5_000;

/** Versions of a project, newest first. */
export function versionListQuery(project_id: number, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: [...queryKeys.published(project_id), 'list'] as const,
    queryFn: ({ pageParam, signal }) =>
      api('versions.list', { params: { project_id }, query: { cursor: pageParam, limit: 20 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isBeingMade)) ? LOOK_AGAIN_MS : false,
  });
}

/** The classes of a version, which never change. */
export function versionClassQuery(project_id: number, version_id: number) {
  return queryOptions({
    queryKey: [...queryKeys.published(project_id), 'classes', version_id] as const,
    queryFn: ({ signal }) => browserApi('versions.classes', { params: { version_id } }, { signal }),
    staleTime: Infinity,
  });
}

export function versionCheckQuery(project_id: number, include_drafts: boolean) {
  return queryOptions({
    queryKey: [...queryKeys.published(project_id), 'check', include_drafts] as const,
    queryFn: ({ signal }) =>
      browserApi(
        'versions.check',
        { params: { project_id }, query: { include_drafts: include_drafts ? 'true' : 'false' } },
        { signal },
      ),
    staleTime: 0,
  });
}

/** A version against another, or against what the project is now. */
export function versionDiffQuery(project_id: number, version_id: number, other: number | 'working') {
  return queryOptions({
    queryKey: [...queryKeys.published(project_id), 'diff', version_id, other] as const,
    queryFn: ({ signal }) => browserApi('versions.diff', { params: { version_id, other } }, { signal }),
    staleTime: 0,
  });
}

export function diffImagesQuery(project_id: number, version_id: number, other: number | 'working') {
  return infiniteQueryOptions({
    queryKey: [...queryKeys.published(project_id), 'diff', version_id, other, 'images'] as const,
    queryFn: ({ pageParam, signal }) =>
      browserApi(
        'versions.diff_images',
        { params: { version_id, other }, query: { cursor: pageParam, limit: 50 } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    staleTime: 0,
  });
}

export function diffImageQuery(project_id: number, version_id: number, other: number | 'working', image_id: number) {
  return queryOptions({
    queryKey: [...queryKeys.published(project_id), 'diff', version_id, other, 'images', image_id] as const,
    queryFn: async ({ signal }) => {
      const [diff, image] = await Promise.all([
        browserApi('versions.diff_image', { params: { version_id, other, image_id } }, { signal }),
        browserApi('images.get', { params: { project_id, image_id } }, { signal }).catch(() => null),
      ]);
      return { diff, image };
    },
    staleTime: 0,
  });
}

export function versionRestoreQuery(project_id: number, version_id: number) {
  return queryOptions({
    queryKey: [...queryKeys.published(project_id), 'restore', version_id] as const,
    queryFn: ({ signal }) => browserApi('versions.restore_preview', { params: { version_id } }, { signal }),
    staleTime: 0,
  });
}
