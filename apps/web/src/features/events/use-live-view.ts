'use client';

import { useCallback, useSyncExternalStore } from 'react';
import type { LiveView } from './live-board';
import { acquireStream, liveView } from './open-streams';

const EMPTY: LiveView = { people: [], locks: new Map() };

/** Who is where in a project, now. */
export function useLiveView(project_id: number): LiveView {
  const subscribe = useCallback(
    (listener: () => void) => {
      const { board, release } = acquireStream(project_id);
      const stop = board.subscribe(listener);
      return () => {
        stop();
        release();
      };
    },
    [project_id],
  );
  return useSyncExternalStore(
    subscribe,
    () => liveView(project_id) ?? EMPTY,
    () => EMPTY,
  );
}
