import { DatasetTab } from '@/features/datasets/dataset-tab';
import { versionListQuery } from '@/features/versions/version-queries';
import { loadDataset, tabTitle } from '@/load-dataset';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export const generateMetadata = () => tabTitle('versions');

export default async function VersionsPage({ params }: { params: Promise<{ id: string }> }) {
  const dataset = await loadDataset((await params).id);
  const api = await serverApi();
  return (
    <Prefetched load={(queries) => queries.fetchInfiniteQuery(versionListQuery(dataset.project_id, api))}>
      <DatasetTab datasetId={dataset.id} tab="versions" />
    </Prefetched>
  );
}
