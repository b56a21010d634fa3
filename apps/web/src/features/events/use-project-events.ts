'use client';

import { useEffect, useEffectEvent } from 'react';
import { acquireStream } from './open-streams';
import type { StreamListener } from './project-stream';

/**
 * Hears what happens in a project while the component is there; all components of a tab share one line. After `resync`
 * whatever is shown must be read again: events may have been missed.
 */
export function useProjectEvents(project_id: number | null, handler: StreamListener): void {
  const hear = useEffectEvent(handler);
  useEffect(() => {
    if (project_id === null) return;
    const { stream, release } = acquireStream(project_id);
    const stop = stream.subscribe((event) => hear(event));
    return () => {
      stop();
      release();
    };
  }, [project_id]);
}
