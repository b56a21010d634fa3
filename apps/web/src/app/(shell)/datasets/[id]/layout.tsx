import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { DatasetHeader } from '@/features/datasets/dataset-header';
import { datasetQuery } from '@/features/datasets/dataset-queries';
import { LiveProject } from '@/features/events/live-project';
import { loadDataset } from '@/load-dataset';
import { Prefetched } from '@/prefetched';

type Params = Promise<{ id: string }>;

export async function generateMetadata({ params }: { params: Params }): Promise<Metadata> {
  // Where there is none to be seen the layout itself says so.
  const dataset = await loadDataset((await params).id).catch(() => null);
  const name = dataset?.name ?? (await getTranslations('errors'))('not_found.title');
  const app = (await getTranslations('app'))('name');
  return { title: { default: `${name} · ${app}`, template: `%s · ${name} · ${app}` } };
}

export default async function DatasetLayout({ params, children }: { params: Params; children: ReactNode }) {
  const dataset = await loadDataset((await params).id);
  return (
    <Prefetched load={async (queries) => queries.setQueryData(datasetQuery(dataset.id).queryKey, dataset)}>
      <LiveProject key={dataset.project_id} projectId={dataset.project_id} datasetId={dataset.id} />
      <DatasetHeader datasetId={dataset.id} />
      {children}
    </Prefetched>
  );
}
