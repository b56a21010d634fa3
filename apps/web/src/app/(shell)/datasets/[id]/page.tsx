import { projectQuery } from '@/features/datasets/dataset-queries';
import { readImageFilter } from '@/features/images/image-filter';
import { imageListQuery } from '@/features/images/image-queries';
import { DatasetTab } from '@/features/datasets/dataset-tab';
import { classQuery } from '@/features/classes/class-queries';
import { loadDataset } from '@/load-dataset';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

interface Props {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function DatasetImagesPage({ params, searchParams }: Props) {
  const dataset = await loadDataset((await params).id);
  const search = new URLSearchParams(
    Object.entries(await searchParams).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
  const api = await serverApi();
  return (
    <Prefetched
      load={(queries) =>
        Promise.all([
          queries.fetchInfiniteQuery(imageListQuery(dataset.project_id, readImageFilter(search), api)),
          queries.fetchQuery(projectQuery(dataset.project_id, api)),
          queries.fetchQuery(classQuery(dataset.project_id, api)),
        ])
      }
    >
      <DatasetTab datasetId={dataset.id} tab="images" />
    </Prefetched>
  );
}
