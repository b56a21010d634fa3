'use client';

import { useQueryClient } from '@tanstack/react-query';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { queryKeys } from '@/query-keys';
import { isWorkbench } from './workbench-address';

/** Statuses and counts change while somebody labels: on the way back everything about the dataset is read again. */
export function RefreshAfterLabeling() {
  const queries = useQueryClient();
  const pathname = usePathname();
  const before = useRef(pathname);
  useEffect(() => {
    if (isWorkbench(before.current) && !isWorkbench(pathname)) {
      const about = new Set<unknown>(['dataset', 'project', queryKeys.datasets()[0]]);
      void queries.invalidateQueries({ predicate: ({ queryKey }) => about.has(queryKey[0]) });
    }
    before.current = pathname;
  }, [queries, pathname]);
  return null;
}
