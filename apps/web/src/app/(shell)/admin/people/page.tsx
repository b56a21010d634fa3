import { canSystem } from '@labelyard/domain';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { AccountList } from '@/features/accounts/account-list';
import { accountListQuery } from '@/features/accounts/account-queries';
import { Prefetched } from '@/prefetched';
import { leavePage, serverApi } from '@/server-api';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('people.accounts'))('title') };
}

export default async function PeoplePage() {
  const api = await serverApi();
  const me = await api('auth.me', {}).catch(leavePage);
  if (!me.people_managed || !canSystem(me.role, 'people.manage')) notFound();
  return (
    <Prefetched load={(queries) => queries.fetchInfiniteQuery(accountListQuery({ q: '', active: undefined }, api))}>
      <AccountList myId={me.id} />
    </Prefetched>
  );
}
