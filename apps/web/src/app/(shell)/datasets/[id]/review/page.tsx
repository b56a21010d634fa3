import { classQuery } from '@/features/classes/class-queries';
import { DatasetTab } from '@/features/datasets/dataset-tab';
import { reviewQueueQuery } from '@/features/review/review-queries';
import { loadDataset, tabTitle } from '@/load-dataset';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export const generateMetadata = () => tabTitle('review');

export default async function ReviewPage({ params }: { params: Promise<{ id: string }> }) {
  const dataset = await loadDataset((await params).id);
  const api = await serverApi();
  return (
    <Prefetched
      load={(queries) =>
        Promise.all([
          queries.fetchInfiniteQuery(reviewQueueQuery(dataset.project_id, {}, api)),
          queries.fetchQuery(classQuery(dataset.project_id, api)),
        ])
      }
    >
      <DatasetTab datasetId={dataset.id} tab="review" />
    </Prefetched>
  );
}
