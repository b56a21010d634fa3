import { DatasetTab } from '@/features/datasets/dataset-tab';
import { splitListQuery, taskListQuery } from '@/features/tasks/task-queries';
import { loadDataset, tabTitle } from '@/load-dataset';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export const generateMetadata = () => tabTitle('tasks');

export default async function TasksPage({ params }: { params: Promise<{ id: string }> }) {
  const dataset = await loadDataset((await params).id);
  const api = await serverApi();
  return (
    <Prefetched
      load={(queries) =>
        Promise.all([
          queries.fetchInfiniteQuery(taskListQuery(dataset.project_id, { assignee: 'me' }, api)),
          queries.fetchInfiniteQuery(taskListQuery(dataset.project_id, {}, api)),
          queries.fetchQuery(splitListQuery(dataset.project_id, api)),
        ])
      }
    >
      <DatasetTab datasetId={dataset.id} tab="tasks" />
    </Prefetched>
  );
}
