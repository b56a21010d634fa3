'use client';

import { useQueryClient, type InvalidateQueryFilters } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '@/api';
import { affectedQueries } from './affected-queries';
import { Calm } from './calm';
import { refreshImageRows } from './image-rows';
import { useProjectEvents } from './use-project-events';

/** Keeps what is cached of a dataset and its project true while others work in it. Once per page, near its root. */
export function useLiveQueries(project_id: number, dataset_id: number): void {
  const queries = useQueryClient();
  const [{ keys, exports, images }] = useState(() => ({
    keys: new Calm<InvalidateQueryFilters>((stale) => {
      for (const filters of stale) void queries.invalidateQueries(filters, { cancelRefetch: false });
    }),
    /** Told at a bearable rate already, and watched by whoever waits for them. */
    exports: new Calm<InvalidateQueryFilters>((stale) => {
      for (const filters of stale) void queries.invalidateQueries(filters, { cancelRefetch: false });
    }, 800),
    images: new Calm<number>((ids) => void refreshImageRows(queries, api, project_id, new Set(ids))),
  }));
  useEffect(
    () => () => {
      keys.stop();
      exports.stop();
      images.stop();
    },
    [keys, exports, images],
  );
  useProjectEvents(project_id, (event) => {
    const refreshed = event.type === 'export' ? exports : keys;
    for (const filters of affectedQueries(event, project_id, dataset_id))
      refreshed.add(JSON.stringify(filters), filters);
    if (event.type === 'image') for (const id of event.image_ids ?? []) images.add(String(id), id);
  });
}
