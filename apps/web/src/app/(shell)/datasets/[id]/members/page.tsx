import { can } from '@labelyard/domain';
import { DatasetTab } from '@/features/datasets/dataset-tab';
import { memberListQuery, projectInvitationsQuery } from '@/features/members/member-queries';
import { loadDataset, tabTitle } from '@/load-dataset';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export const generateMetadata = () => tabTitle('members');

export default async function MembersPage({ params }: { params: Promise<{ id: string }> }) {
  const dataset = await loadDataset((await params).id);
  const api = await serverApi();
  return (
    <Prefetched
      load={(queries) =>
        Promise.all([
          queries.fetchInfiniteQuery(memberListQuery(dataset.project_id, api)),
          can(dataset.role, 'member.manage') &&
            queries.fetchInfiniteQuery(projectInvitationsQuery(dataset.project_id, api)),
        ])
      }
    >
      <DatasetTab datasetId={dataset.id} tab="members" />
    </Prefetched>
  );
}
