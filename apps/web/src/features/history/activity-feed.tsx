'use client';

import type { Dataset } from '@labelyard/contract';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { History } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { Calm } from '@/features/events/calm';
import { useProjectEvents } from '@/features/events/use-project-events';
import { queryKeys } from '@/query-keys';
import { readAnew } from '@/read-anew';
import { Button } from '@/ui/button';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { ActivityFilters } from './activity-filters';
import { useAuthorName } from './author';
import { ActivityRow } from './activity-row';
import { activityQuery, type ActivityFilter } from './history-queries';
import { RevertBar } from './revert-bar';

const NOBODY = { user_id: '', user: null };

/** What everybody did in a dataset, newest first; new work appears by itself. */
export function ActivityFeed({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('activity');
  const errorText = useErrorText();
  const authorName = useAuthorName();
  const [filter, setFilter] = useState<ActivityFilter>({});
  const list = useInfiniteQuery(activityQuery(dataset.project_id, filter));
  useLiveActivity(dataset.project_id);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const narrowed = Object.values(filter).some((value) => value !== undefined);
  return (
    <div className="flex max-w-4xl flex-col pt-4">
      <ActivityFilters dataset={dataset} filter={filter} onChange={(change) => setFilter({ ...filter, ...change })} />
      <RevertBar
        dataset={dataset}
        filter={filter}
        name={authorName(items.find(({ user_id }) => user_id === filter.user_id) ?? NOBODY)}
      />
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && items.length === 0 ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : items.length === 0 && !list.hasNextPage ? (
        <EmptyState
          icon={<History aria-hidden />}
          title={t(narrowed ? 'none_found' : 'empty.title')}
          action={narrowed ? <Button onClick={() => setFilter({})}>{t('clear')}</Button> : undefined}
        >
          {narrowed ? null : t('empty.text')}
        </EmptyState>
      ) : (
        <ol aria-label={t('feed')} className="mt-2 divide-y">
          {items.map((item) => (
            <ActivityRow
              key={item.kind === 'event' ? `event ${item.id}` : `${item.user_id} ${item.image_id} ${item.last_at}`}
              item={item}
              dataset={dataset}
              onImage={filter.image_id === undefined ? (image_id) => setFilter({ ...filter, image_id }) : undefined}
            />
          ))}
        </ol>
      )}
      {list.hasNextPage ? (
        <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
      ) : null}
    </div>
  );
}

/** Reads the feed again, at a bearable rate, when somebody did something. */
function useLiveActivity(projectId: number): void {
  const queries = useQueryClient();
  const [calm] = useState(() => new Calm<number>(() => readAnew(queries, { queryKey: queryKeys.activity(projectId) })));
  useEffect(() => () => calm.stop(), [calm]);
  useProjectEvents(projectId, (event) => {
    if (['image', 'class', 'task', 'member', 'export', 'comment', 'restore', 'resync'].includes(event.type))
      calm.add('feed', projectId);
  });
}
