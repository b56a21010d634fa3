import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { DatasetList } from '@/features/datasets/dataset-list';
import { datasetListQuery } from '@/features/datasets/dataset-queries';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

type Search = Promise<Record<string, string | string[] | undefined>>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('datasets'))('title') };
}

export default async function DatasetsPage({ searchParams }: { searchParams: Search }) {
  const { q } = await searchParams;
  const api = await serverApi();
  return (
    <Prefetched
      load={(queries) => queries.fetchInfiniteQuery(datasetListQuery(typeof q === 'string' ? q.trim() : '', api))}
    >
      <DatasetList />
    </Prefetched>
  );
}
