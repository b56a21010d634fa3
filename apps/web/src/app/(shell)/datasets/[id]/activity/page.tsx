import { classQuery } from '@/features/classes/class-queries';
import { DatasetTab } from '@/features/datasets/dataset-tab';
import { activityQuery } from '@/features/history/history-queries';
import { loadDataset, tabTitle } from '@/load-dataset';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export const generateMetadata = () => tabTitle('activity');

export default async function ActivityPage({ params }: { params: Promise<{ id: string }> }) {
  const dataset = await loadDataset((await params).id);
  const api = await serverApi();
  return (
    <Prefetched
      load={(queries) =>
        Promise.all([
          queries.fetchInfiniteQuery(activityQuery(dataset.project_id, {}, api)),
          queries.fetchQuery(classQuery(dataset.project_id, api)),
        ])
      }
    >
      <DatasetTab datasetId={dataset.id} tab="activity" />
    </Prefetched>
  );
}
