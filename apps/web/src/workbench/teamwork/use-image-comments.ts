'use client';

import type { CommentThread } from '@labelyard/contract';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { commentListQuery } from '@/features/comments/comment-queries';
import { useProjectEvents } from '@/features/events/use-project-events';
import { queryKeys } from '@/query-keys';

const NONE: readonly CommentThread[] = [];

/** What is said about the open image, kept true while others write. */
export function useImageComments(project_id: number, image_id: number | null) {
  const queries = useQueryClient();
  const list = useInfiniteQuery({
    ...commentListQuery(project_id, { image_id: image_id ?? 0 }),
    enabled: image_id !== null,
  });
  useProjectEvents(project_id, (event) => {
    const touched = event.type === 'comment' && event.image_id === image_id;
    if (touched || event.type === 'resync')
      void queries.invalidateQueries({ queryKey: queryKeys.comments(project_id) });
  });
  const { data } = list;
  const threads = useMemo(() => data?.pages.flatMap((page) => page.items) ?? NONE, [data]);
  /** Why a label was given back, by its annotation. */
  const rejections = useMemo(() => {
    const open = threads.filter(({ kind, resolved_at }) => kind === 'rejection' && resolved_at === null);
    // Newest first: the last word counts.
    return new Map(
      [...open].reverse().flatMap(({ annotation_id, body }) => (annotation_id ? [[annotation_id, body]] : [])),
    );
  }, [threads]);
  return { list, threads, rejections };
}
