'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Boxes, Plus, SearchX } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { Button } from '@/ui/button';
import { SearchField } from '@/ui/search-field';
import { EmptyState, ErrorState } from '@/ui/states';
import { CreateDatasetDialog } from './create-dataset-dialog';
import { DatasetCard, DatasetCardSkeleton } from './dataset-card';
import { datasetListQuery } from './dataset-queries';
import { EndMarker } from './end-marker';

const GRID = 'grid grid-cols-[repeat(auto-fill,minmax(min(19rem,100%),1fr))] gap-4';

export function DatasetList() {
  const t = useTranslations('datasets');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const [creating, setCreating] = useState(false);
  const q = useSearchParams().get('q')?.trim() ?? '';
  const list = useInfiniteQuery({ ...datasetListQuery(q), placeholderData: keepPreviousData });
  const datasets = list.data?.pages.flatMap((page) => page.items) ?? [];

  const search = (text: string) => {
    window.history.replaceState(null, '', text ? `?${new URLSearchParams({ q: text })}` : window.location.pathname);
  };

  return (
    <>
      <div className="flex flex-wrap items-center gap-3 pb-6 pt-8">
        <h1 className="mr-auto text-2xl font-semibold">{t('title')}</h1>
        <SearchField
          label={t('search')}
          value={q}
          onChange={search}
          className="order-last w-full sm:order-none sm:w-72"
        />
        <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
          {t('create')}
        </Button>
      </div>
      <p role="status" className="sr-only">
        {list.isSuccess ? t('found', { count: datasets.length }) : ''}
      </p>
      {list.isPending ? (
        <div className={GRID} role="status" aria-label={ui('loading')}>
          {[1, 2, 3, 4, 5, 6].map((key) => (
            <DatasetCardSkeleton key={key} />
          ))}
        </div>
      ) : list.isError && datasets.length === 0 ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : datasets.length === 0 && q ? (
        <EmptyState
          icon={<SearchX aria-hidden />}
          title={t('none_found', { q })}
          action={<Button onClick={() => search('')}>{t('clear_search')}</Button>}
        />
      ) : datasets.length === 0 ? (
        <EmptyState
          icon={<Boxes aria-hidden />}
          title={t('empty.title')}
          action={
            <Button variant="primary" icon={<Plus aria-hidden />} onClick={() => setCreating(true)}>
              {t('create')}
            </Button>
          }
        >
          {t('empty.text')}
        </EmptyState>
      ) : (
        <ul className={GRID}>
          {datasets.map((dataset) => (
            <li key={dataset.id}>
              <DatasetCard dataset={dataset} />
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage ? (
        <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
      ) : null}
      <CreateDatasetDialog open={creating} onOpenChange={setCreating} />
    </>
  );
}
