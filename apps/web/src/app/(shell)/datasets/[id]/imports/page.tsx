import { DatasetTab } from '@/features/datasets/dataset-tab';
import { importListQuery } from '@/features/imports/import-queries';
import { loadDataset, tabTitle } from '@/load-dataset';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export const generateMetadata = () => tabTitle('imports');

export default async function ImportsPage({ params }: { params: Promise<{ id: string }> }) {
  const dataset = await loadDataset((await params).id);
  const api = await serverApi();
  return (
    <Prefetched load={(queries) => queries.fetchInfiniteQuery(importListQuery(dataset.project_id, api))}>
      <DatasetTab datasetId={dataset.id} tab="imports" />
    </Prefetched>
  );
}
