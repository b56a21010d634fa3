import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { OwnAccount } from '@/features/accounts/own-account';
import { leavePage, serverApi } from '@/server-api';

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('people.account'))('title') };
}

export default async function AccountPage() {
  const api = await serverApi();
  const me = await api('auth.me', {}).catch(leavePage);
  if (!me.people_managed) notFound();
  return <OwnAccount me={me} />;
}
