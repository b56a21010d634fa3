'use client';

import type { ProjectEvent } from '@labelyard/contract';
import { useQueryClient, type InvalidateQueryFilters } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api } from '@/api';
import { readAnew } from '@/read-anew';
import { affectedQueries } from './affected-queries';
import { Calm } from './calm';
import { bringBackImageRows, dropImageRows, refreshImageRows } from './image-rows';
import { useProjectEvents } from './use-project-events';

/**
 * Keeps what is cached of a dataset and its project true while others work in it. Once per page, near its root. Nothing is
 * read anew before `ready` is settled; what was told until then is made up for.
 */
export function useLiveQueries(
  project_id: number,
  dataset_id: number,
  ready: () => Promise<void> = () => Promise.resolve(),
): void {
  const queries = useQueryClient();
  const [{ keys, exports, images }] = useState(() => ({
    keys: new Calm<InvalidateQueryFilters>((stale) => Promise.all(stale.map((filters) => readAnew(queries, filters)))),
    /** Told at a bearable rate already, and watched by whoever waits for them. */
    exports: new Calm<InvalidateQueryFilters>(
      (stale) => Promise.all(stale.map((filters) => readAnew(queries, filters))),
      800,
    ),
    images: new Calm<number>((ids) => refreshImageRows(queries, api, project_id, new Set(ids))),
  }));
  useEffect(
    () => () => {
      keys.stop();
      exports.stop();
      images.stop();
    },
    [keys, exports, images],
  );
  const refresh = (event: ProjectEvent) => {
    const refreshed = event.type === 'export' || event.type === 'import' ? exports : keys;
    for (const filters of affectedQueries(event, project_id, dataset_id))
      refreshed.add(JSON.stringify(filters), filters);
    if (event.type === 'deletion') {
      if (event.restored) void bringBackImageRows(queries, api, project_id, event.image_ids);
      else dropImageRows(queries, project_id, new Set(event.image_ids));
    }
    if (event.type === 'image') for (const id of event.image_ids ?? []) images.add(String(id), id);
  };
  useProjectEvents(project_id, (event) => void ready().then(() => refresh(event)));
}
