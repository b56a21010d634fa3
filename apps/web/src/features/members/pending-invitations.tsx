'use client';

import type { Dataset } from '@labelyard/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { SentInvitation } from '@/features/invitations/sent-invitation';
import { ErrorState } from '@/ui/states';
import { projectInvitationsQuery } from './member-queries';

/** Invitations nobody has answered yet. Nothing is shown where there are none. */
export function PendingInvitations({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('people.invitations');
  const errorText = useErrorText();
  const list = useInfiniteQuery(projectInvitationsQuery(dataset.project_id));
  const pending = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isError && pending.length === 0)
    return <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />;
  if (pending.length === 0) return null;
  return (
    <section aria-labelledby="pending-invitations" className="pt-8">
      <h2 id="pending-invitations" className="pb-1 text-lg font-semibold">
        {t('pending_title')}
      </h2>
      <ul>
        {pending.map((invitation) => (
          <SentInvitation key={invitation.id} invitation={invitation} />
        ))}
      </ul>
      {list.hasNextPage ? (
        <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
      ) : null}
    </section>
  );
}
