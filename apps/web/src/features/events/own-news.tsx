'use client';

import { useQueryClient, type InvalidateQueryFilters } from '@tanstack/react-query';
import { useEffect } from 'react';
import { meQuery } from '@/features/session/me-query';
import { affectedByNews } from './affected-queries';
import { Calm } from './calm';
import { followNews } from './open-streams';

/** Keeps true, on every page, what is shown of one's own: inbox, invitations, datasets, work. And leaves when the session ends. */
export function OwnNews() {
  const queries = useQueryClient();
  useEffect(() => {
    const stale = new Calm<InvalidateQueryFilters>((all) => {
      for (const filters of all) void queries.invalidateQueries(filters, { cancelRefetch: false });
    });
    const stop = followNews((event) => {
      for (const filters of affectedByNews(event)) stale.add(JSON.stringify(filters), filters);
      // Its refusal leads to the sign-in page (providers.tsx).
      if (event.type === 'gone' && event.reason === 'signed_out')
        queries.fetchQuery({ ...meQuery(), staleTime: 0, retry: false }).catch(() => undefined);
    });
    return () => {
      stop();
      stale.stop();
    };
  }, [queries]);
  return null;
}
