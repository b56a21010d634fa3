import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { MyWork } from '@/features/tasks/my-work';
import { myTasksQuery, reworkQuery } from '@/features/tasks/task-queries';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('tasks'))('my_work') };
}

export default async function WorkPage() {
  const api = await serverApi();
  return (
    <Prefetched
      load={(queries) =>
        Promise.all([queries.fetchInfiniteQuery(myTasksQuery(api)), queries.fetchQuery(reworkQuery(api))])
      }
    >
      <MyWork />
    </Prefetched>
  );
}
