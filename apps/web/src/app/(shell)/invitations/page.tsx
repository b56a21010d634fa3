import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { InvitationBoxes } from '@/features/invitations/invitation-boxes';
import { invitationListQuery } from '@/features/invitations/invitation-queries';
import { Prefetched } from '@/prefetched';
import { serverApi } from '@/server-api';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('people.invitations'))('title') };
}

export default async function InvitationsPage() {
  const api = await serverApi();
  return (
    <Prefetched load={(queries) => queries.fetchInfiniteQuery(invitationListQuery('received', api))}>
      <InvitationBoxes />
    </Prefetched>
  );
}
