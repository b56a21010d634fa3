'use client';

import type { Dataset, Version } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { GitCompareArrows, Milestone } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { LastRestore } from '@/features/history/last-restore';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { PublishDialog } from './publish-dialog';
import { RestoreVersionDialog } from './restore-version-dialog';
import { VersionCard } from './version-card';
import { VersionDiffDialog } from './version-diff-dialog';
import { versionListQuery } from './version-queries';

/** Published versions of a dataset: made here, compared, downloaded and brought back. */
export function VersionList({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('versions');
  const errorText = useErrorText();
  const list = useInfiniteQuery(versionListQuery(dataset.project_id));
  const versions = list.data?.pages.flatMap((page) => page.items) ?? [];
  const published = versions.filter(({ status }) => status === 'published');
  const [publishing, setPublishing] = useState(false);
  const [compared, setCompared] = useState<Version | null>(null);
  const [restored, setRestored] = useState<Version | null>(null);
  const publish = can(dataset.role, 'version.publish') ? (
    <Button variant="primary" icon={<Milestone aria-hidden />} onClick={() => setPublishing(true)}>
      {t('publish')}
    </Button>
  ) : null;
  const isEmpty = list.isSuccess && versions.length === 0;
  return (
    <section aria-label={t('list')} className={classNames('flex flex-col gap-3 pt-6', !isEmpty && 'max-w-4xl')}>
      {versions.length > 0 ? (
        <div className="flex flex-wrap items-center gap-2">
          {publish}
          {published[0] ? (
            <Button icon={<GitCompareArrows aria-hidden />} onClick={() => setCompared(published[0] ?? null)}>
              {t('compare_latest')}
            </Button>
          ) : null}
        </div>
      ) : null}
      <LastRestore
        dataset={dataset}
        kind="version"
        numberOf={(version_id) => versions.find(({ id }) => id === version_id)?.number}
      />
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && versions.length === 0 ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : isEmpty ? (
        <EmptyState icon={<Milestone aria-hidden />} title={t('empty.title')} action={publish ?? undefined}>
          {t('empty.text')}
        </EmptyState>
      ) : (
        versions.map((version) => (
          <VersionCard
            key={version.id}
            version={version}
            dataset_id={dataset.id}
            role={dataset.role}
            onCompare={() => setCompared(version)}
            onRestore={() => setRestored(version)}
          />
        ))
      )}
      {list.hasNextPage ? (
        <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
      ) : null}
      {publishing ? <PublishDialog dataset={dataset} onClose={() => setPublishing(false)} /> : null}
      {compared ? (
        <VersionDiffDialog
          dataset={dataset}
          version={compared}
          others={published.filter(({ id }) => id !== compared.id)}
          onClose={() => setCompared(null)}
        />
      ) : null}
      {restored ? (
        <RestoreVersionDialog dataset={dataset} version={restored} onClose={() => setRestored(null)} />
      ) : null}
    </section>
  );
}
