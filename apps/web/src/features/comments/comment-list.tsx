'use client';

import { COMMENT_FILTERS, type CommentListFilter, type Dataset } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { MessageSquare } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { meQuery } from '@/features/session/me-query';
import { walkPath } from '@/features/tasks/task-links';
import { Select } from '@/ui/select';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { commentListQuery } from './comment-queries';
import { Thread } from './comment-thread';

/** What is talked about in the whole project. */
export function CommentList({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('comments');
  const errorText = useErrorText();
  const [filter, setFilter] = useState<CommentListFilter>('open');
  const list = useInfiniteQuery(commentListQuery(dataset.project_id, { filter }));
  const { data: me } = useQuery(meQuery());
  const threads = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section aria-label={t('title')} className="pt-4">
      <Select<CommentListFilter>
        label={t('filter')}
        value={filter}
        onChange={setFilter}
        options={COMMENT_FILTERS.map((value) => ({ value, label: t(`filters.${value}`) }))}
      />
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && !list.data ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : threads.length === 0 ? (
        <EmptyState icon={<MessageSquare aria-hidden />} title={t('none')}>
          {t('none_text')}
        </EmptyState>
      ) : (
        <ul className="max-w-180">
          {threads.map((thread) => (
            <li key={thread.id} className="border-b py-4">
              <Thread
                projectId={dataset.project_id}
                thread={thread}
                me={me?.id ?? ''}
                role={dataset.role}
                context={
                  <Link
                    href={walkPath(dataset.id, thread.task_type ?? (dataset.task_types[0] as TaskType), {
                      image_id: thread.image_id,
                    })}
                    className="truncate text-sm text-muted underline hover:text-text"
                  >
                    {thread.image_path}
                  </Link>
                }
              />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
      ) : null}
    </section>
  );
}
