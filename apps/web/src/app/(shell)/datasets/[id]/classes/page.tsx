import { classQuery } from '@/features/classes/class-queries';
import { DatasetTab } from '@/features/datasets/dataset-tab';
import { loadDataset, tabTitle } from '@/load-dataset';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export const generateMetadata = () => tabTitle('classes');

export default async function ClassesPage({ params }: { params: Promise<{ id: string }> }) {
  const dataset = await loadDataset((await params).id);
  const api = await serverApi();
  return (
    <Prefetched load={(queries) => queries.fetchQuery(classQuery(dataset.project_id, api))}>
      <DatasetTab datasetId={dataset.id} tab="classes" />
    </Prefetched>
  );
}
