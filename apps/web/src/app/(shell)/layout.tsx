import { getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { AppHeader } from '@/features/navigation/app-header';
import { meQuery } from '@/features/session/me-query';
import { UploadRestorer } from '@/features/uploads/upload-center';
import { Prefetched } from '@/prefetched';
import { leavePage, serverApi } from '@/server-api';

/** Header and landmarks around every page but sign-in and the workbench. */
export default async function ShellLayout({ children }: { children: ReactNode }) {
  const t = await getTranslations('app');
  const api = await serverApi();
  const me = await api('auth.me', {}).catch(leavePage);
  return (
    <Prefetched load={async (queries) => queries.setQueryData(meQuery().queryKey, me)}>
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:left-3 focus:top-3"
      >
        {t('skip_to_content')}
      </a>
      <AppHeader me={me} />
      <main id="content" tabIndex={-1} className="mx-auto w-full max-w-400 px-4 pb-24 outline-none sm:px-6">
        {children}
      </main>
      <UploadRestorer userId={me.id} />
    </Prefetched>
  );
}
