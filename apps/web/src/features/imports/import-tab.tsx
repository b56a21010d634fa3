'use client';

import type { Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { PackagePlus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { ImportCard } from './import-card';
import { ImportDrop } from './import-drop';
import { importListQuery } from './import-queries';

/** Where labels come in: files are dropped, looked at, mapped and imported, and imports are taken back. */
export function ImportTab({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('imports');
  const errorText = useErrorText();
  const list = useInfiniteQuery(importListQuery(dataset.project_id));
  const jobs = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="flex flex-col gap-6 pt-6">
      {can(dataset.role, 'import.create') ? <ImportDrop dataset={dataset} /> : null}
      <section aria-label={t('history')} className="flex min-w-0 flex-col gap-3">
        <h2 className="sr-only">{t('history')}</h2>
        {list.isPending ? (
          <ListSkeleton />
        ) : list.isError && jobs.length === 0 ? (
          <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
        ) : jobs.length === 0 ? (
          <EmptyState icon={<PackagePlus aria-hidden />} title={t('empty.title')}>
            {t('empty.text')}
          </EmptyState>
        ) : (
          jobs.map((job, index) => <ImportCard key={job.id} job={job} dataset={dataset} open={index === 0} />)
        )}
        {list.hasNextPage ? (
          <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
        ) : null}
      </section>
    </div>
  );
}
