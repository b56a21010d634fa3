'use client';

import type { Dataset, DeletedImage } from '@labelyard/contract';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '@/api';
import { useProjectEvents } from '@/features/events/use-project-events';
import { queryKeys } from '@/query-keys';
import { useSession } from './use-session';

/**
 * The open image was deleted under the hand: by whom. Edits stay here (the outbox keeps what is refused) and go out by themselves
 * when it is brought back.
 */
export function useDeleted({ project_id }: Dataset, image_id: number | null): { image: DeletedImage | null } | null {
  const session = useSession();
  const [gone, setGone] = useState<ReadonlySet<number>>(new Set());
  useProjectEvents(project_id, (event) => {
    if (event.type !== 'deletion') return;
    for (const id of event.image_ids) session.forget(id);
    const next = new Set(gone);
    for (const id of event.image_ids) {
      if (event.restored) next.delete(id);
      else next.add(id);
    }
    setGone(next);
    if (!event.restored) return;
    if (image_id !== null && event.image_ids.includes(image_id)) void session.reload(image_id);
    session.outbox.resendRefused(event.image_ids);
  });
  const isGone = image_id !== null && gone.has(image_id);
  const details = useQuery({
    queryKey: [...queryKeys.deletedImages(project_id), 'one', image_id],
    queryFn: ({ signal }) =>
      api('deleted_images.get', { params: { project_id, deleted_image_id: image_id ?? 0 } }, { signal }),
    enabled: isGone,
  });
  return isGone ? { image: details.data ?? null } : null;
}
