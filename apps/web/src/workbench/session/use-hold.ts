'use client';

import { ApiError, type Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { api } from '@/api';
import { acquireStream } from '@/features/events/open-streams';
import { useProjectEvents } from '@/features/events/use-project-events';
import { ImageHold } from './image-hold';
import { useSession } from './use-session';

/** Holds the open image for this person, tells the others where they are, and shows what others do to it. */
export function useHold(dataset: Dataset, user_id: string, image_id: number | null): ImageHold {
  const session = useSession();
  const { project_id, role } = dataset;
  const mayHold = can(role, 'lock.hold');
  const hold = useMemo(
    () =>
      new ImageHold({
        user_id,
        call: (call, image, keepalive) =>
          mayHold ? api(call, { body: { project_id, image_id: image } }, { keepalive }) : Promise.resolve(),
        onFreed: (image) => void session.reload(image),
      }),
    [user_id, project_id, mayHold, session],
  );

  useEffect(() => hold.open(image_id), [hold, image_id]);
  useEffect(() => () => hold.leave(), [hold]);
  useEffect(() => {
    const leave = () => hold.leave();
    const back = (event: PageTransitionEvent) => event.persisted && hold.open(image_id);
    window.addEventListener('pagehide', leave);
    window.addEventListener('pageshow', back);
    return () => {
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', back);
    };
  }, [hold, image_id]);

  useEffect(() => session.outbox.onRefused((image, error) => hold.refused(image, error)), [session, hold]);

  useProjectEvents(project_id, (event) => {
    hold.hear(event);
    if (event.type === 'resync' && image_id !== null) void session.reload(image_id);
    if (event.type === 'lock' && event.lock === null) void session.outbox.flush();
    if (event.type !== 'image' || event.by === user_id) return;
    for (const changed of event.image_ids ?? []) session.forget(changed);
    if (image_id !== null && event.image_ids?.includes(image_id)) void session.reload(image_id);
  });
  useLook(project_id, image_id);
  return hold;
}

export function useHoldState(hold: ImageHold) {
  const state = useSyncExternalStore(hold.subscribe, hold.snapshot, hold.snapshot);
  return state.kind === 'theirs' ? state.holder : null;
}

/** Tells the project which image is on this screen, again whenever the line is new. */
function useLook(project_id: number, image_id: number | null): void {
  useEffect(() => {
    const { stream, release } = acquireStream(project_id);
    const look = () => {
      if (stream.stream_id === null) return;
      const body = { stream_id: stream.stream_id, image_id };
      api('live.look', { params: { project_id }, body }).catch((error: unknown) => {
        // The line was just replaced: its greeting tells where to look.
        if (!(error instanceof ApiError)) throw error;
      });
    };
    look();
    const stop = stream.subscribe(({ type }) => type === 'hello' && look());
    return () => {
      stop();
      release();
    };
  }, [project_id, image_id]);
}
