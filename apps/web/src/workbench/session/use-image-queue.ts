'use client';

import type { ProjectImage } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import { useCallback, useEffect, useRef } from 'react';
import { writeWalk, type Walk } from '@/features/tasks/task-links';
import type { useStrip } from '../panels/use-strip';
import { useOpenState, useSession } from './use-session';

/** Neighbours kept ready ahead and behind. */
const AHEAD = 2;
const BEHIND = 1;

/** The open image among those of the strip: opening, stepping, neighbours kept ready, the address kept true. */
export function useImageQueue(
  strip: ReturnType<typeof useStrip>,
  task_type: TaskType,
  first_id: number | null,
  walk: Walk,
) {
  const session = useSession();
  const open = useOpenState();
  const { images } = strip;
  const openImage = useCallback(
    (next: ProjectImage) => {
      if (session.editor.mayLeave()) void session.open(next);
    },
    [session],
  );

  // The list may know newer facts of the image (its status) than the moment it was opened.
  const image = open.kind === 'empty' ? null : (images.find(({ id }) => id === open.image.id) ?? open.image);
  const index = images.findIndex(({ id }) => id === image?.id);

  const first = images.find(({ id }) => id === first_id) ?? images[0];
  useEffect(() => {
    if (open.kind === 'empty' && first) openImage(first);
  }, [open.kind, first, openImage]);

  const image_id = image?.id;
  useEffect(() => {
    if (image_id === undefined) return;
    const query = writeWalk(new URLSearchParams({ image: String(image_id), task: task_type }), walk);
    window.history.replaceState(null, '', `?${query}`);
  }, [image_id, task_type, walk]);

  useEffect(() => {
    if (open.kind !== 'ready' || index < 0) return;
    const ahead = images.slice(index + 1, index + 1 + AHEAD);
    session.prefetch([...ahead, ...images.slice(Math.max(0, index - BEHIND), index)]);
  }, [open.kind, index, images, session]);

  // Where the open image stood, for when it is taken out of the list under the hand: what followed stands there then.
  const place = useRef(0);
  useEffect(() => {
    if (index >= 0) place.current = index;
  }, [index]);
  const step = useCallback(
    (by: 1 | -1) => {
      const next = index >= 0 ? images[index + by] : images[by > 0 ? place.current : place.current - 1];
      if (next) openImage(next);
    },
    [images, index, openImage],
  );

  return {
    open,
    image,
    openImage,
    step,
    hasPrevious: index > 0 || (index < 0 && images.length > 0),
    hasNext: index < 0 ? images.length > 0 : index < images.length - 1,
  };
}
