import { ApiError } from '@labelyard/contract';
import { MailX } from 'lucide-react';
import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import Link from 'next/link';
import { InvitationCard } from '@/features/invitations/invitation-card';
import { Logo } from '@/features/navigation/logo';
import { serverApi } from '@/server-api';
import { Button } from '@/ui/button';
import { EmptyState } from '@/ui/states';

export async function generateMetadata(): Promise<Metadata> {
  const title = (await getTranslations('people.invitations'))('link_page');
  // The address is a secret: it goes neither to search engines nor to pages that are linked from here.
  return { title, robots: { index: false }, referrer: 'no-referrer' };
}

/** Where the link of an invitation leads; opens without a session. */
export default async function InvitationPage({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  const t = await getTranslations('people.invitations');
  const app = await getTranslations('app');
  const api = await serverApi();
  const [preview, me] = await Promise.all([
    api('invitations.preview', { params: { token } }).catch((error: unknown) => {
      if (error instanceof ApiError && (error.status === 404 || error.status === 422)) return null;
      throw error;
    }),
    api('auth.me', {}).catch(() => null),
  ]);
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-2xl flex-col px-4 py-6 sm:px-6">
      <Logo name={app('name')} />
      <div className="my-auto py-10">
        {preview ? (
          <InvitationCard preview={preview} token={token} me={me && { email: me.email }} />
        ) : (
          <EmptyState
            as="h1"
            icon={<MailX aria-hidden />}
            title={t('link_broken.title')}
            action={
              <Button asChild>
                <Link href="/datasets">{app('home')}</Link>
              </Button>
            }
          >
            {t('link_broken.text')}
          </EmptyState>
        )}
      </div>
    </main>
  );
}
