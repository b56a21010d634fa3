'use client';

import type { ProjectImage } from '@labelyard/contract';
import type { ImageStatus, TaskType } from '@labelyard/domain';
import { useInfiniteQuery, useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { api } from '@/api';

const PAGE = 100;

interface Page {
  readonly items: ProjectImage[];
  readonly next_cursor: string | null;
}

interface PageParam {
  readonly direction: 'forward' | 'backward';
  readonly anchor?: number;
  readonly cursor?: string;
}

export interface StripFilter {
  readonly task_type: TaskType;
  readonly status: ImageStatus | null;
  /** Only images of this annotation task. */
  readonly task_id: number | null;
}

function firstPage(opened: number | null): PageParam {
  return opened === null ? { direction: 'forward' } : { direction: 'forward', anchor: opened };
}

/** The images around the one that was opened, in both directions, page by page: 100,000 images cost as much as 100. */
export function useStrip(project_id: number, filter: StripFilter, opened: number | null) {
  const client = useQueryClient();
  const key = useMemo(() => ['strip', project_id, filter, opened] as const, [project_id, filter, opened]);
  const query = useInfiniteQuery({
    queryKey: key,
    initialPageParam: firstPage(opened),
    queryFn: ({ pageParam, signal }): Promise<Page> =>
      api(
        'images.list',
        {
          params: { project_id },
          query: {
            limit: PAGE,
            sort: 'path',
            task_type: filter.task_type,
            status: filter.status ?? undefined,
            task_id: filter.task_id ?? undefined,
            ...pageParam,
          },
        },
        { signal },
      ),
    getNextPageParam: (page): PageParam | null =>
      page.next_cursor === null ? null : { direction: 'forward', cursor: page.next_cursor },
    getPreviousPageParam: (page, _pages, param): PageParam | null => {
      if (param.direction === 'backward') {
        return page.next_cursor === null ? null : { direction: 'backward', cursor: page.next_cursor };
      }
      const first = page.items[0];
      return first ? { direction: 'backward', anchor: first.id } : null;
    },
    // The order must not jump under the hand: the list is read again only when the filter changes.
    staleTime: Infinity,
  });
  const images = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);

  /** Shows an image's new status and count at once, without reading the list again. */
  const patch = useCallback(
    (image_id: number, fields: Partial<ProjectImage>) => {
      client.setQueryData<InfiniteData<Page, PageParam>>(
        key,
        (data) =>
          data && {
            ...data,
            pages: data.pages.map((page) =>
              page.items.some((image) => image.id === image_id)
                ? {
                    ...page,
                    items: page.items.map((image) => (image.id === image_id ? { ...image, ...fields } : image)),
                  }
                : page,
            ),
          },
      );
    },
    [client, key],
  );

  const { fetchNextPage, fetchPreviousPage, hasNextPage, hasPreviousPage, isFetching, isError, isSuccess, refetch } =
    query;
  const loadNext = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const loadPrevious = useCallback(() => {
    if (hasPreviousPage && !isFetching) void fetchPreviousPage();
  }, [hasPreviousPage, isFetching, fetchPreviousPage]);

  return { images, patch, loadNext, loadPrevious, isError, isSuccess, refetch };
}
