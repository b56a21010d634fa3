'use client';

import type { Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { PackageOpen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { ExportForm } from './export-form';
import { ExportJobCard } from './export-job-card';
import { exportListQuery } from './export-queries';

export function ExportList({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('exports');
  const errorText = useErrorText();
  const list = useInfiniteQuery(exportListQuery(dataset.project_id));
  const jobs = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-6 pt-6 lg:grid-cols-[24rem_minmax(0,1fr)]">
      {can(dataset.role, 'export.create') ? <ExportForm dataset={dataset} /> : null}
      <section aria-label={t('history')} className="flex min-w-0 flex-col gap-3">
        <h2 className="sr-only">{t('history')}</h2>
        {list.isPending ? (
          <ListSkeleton />
        ) : list.isError && jobs.length === 0 ? (
          <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
        ) : jobs.length === 0 ? (
          <EmptyState icon={<PackageOpen aria-hidden />} title={t('empty.title')}>
            {t('empty.text')}
          </EmptyState>
        ) : (
          jobs.map((job, index) => <ExportJobCard key={job.id} job={job} role={dataset.role} open={index === 0} />)
        )}
        {list.hasNextPage ? (
          <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
        ) : null}
      </section>
    </div>
  );
}
