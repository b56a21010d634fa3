'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { MailOpen, Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { TabPanel, Tabs } from '@/ui/tabs';
import { invitationListQuery, type Box } from './invitation-queries';
import { ReceivedInvitation } from './received-invitation';
import { SentInvitation } from './sent-invitation';

const BOXES = ['received', 'sent'] as const;

/** Everything one was invited to, and everybody one has invited. */
export function InvitationBoxes() {
  const t = useTranslations('people.invitations');
  const [box, setBox] = useState<Box>('received');
  return (
    <div className="max-w-4xl pt-8">
      <h1 className="pb-5 text-2xl font-semibold">{t('title')}</h1>
      <Tabs
        label={t('title')}
        value={box}
        onChange={setBox}
        tabs={BOXES.map((value) => ({ value, label: t(`boxes.${value}`) }))}
      >
        {BOXES.map((value) => (
          <TabPanel key={value} value={value} className="pt-3">
            <InvitationBox box={value} />
          </TabPanel>
        ))}
      </Tabs>
    </div>
  );
}

function InvitationBox({ box }: { box: Box }) {
  const t = useTranslations('people.invitations');
  const errorText = useErrorText();
  const list = useInfiniteQuery({ ...invitationListQuery(box), refetchOnWindowFocus: 'always' });
  const invitations = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isPending) return <ListSkeleton />;
  if (list.isError && invitations.length === 0)
    return <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />;
  if (invitations.length === 0)
    return (
      <EmptyState
        icon={box === 'received' ? <MailOpen aria-hidden /> : <Send aria-hidden />}
        title={t(`empty.${box}.title`)}
      >
        {t(`empty.${box}.text`)}
      </EmptyState>
    );
  return (
    <>
      <ul>
        {invitations.map((invitation) =>
          box === 'received' ? (
            <ReceivedInvitation key={invitation.id} invitation={invitation} />
          ) : (
            <SentInvitation key={invitation.id} invitation={invitation} inPlace={false} />
          ),
        )}
      </ul>
      {list.hasNextPage ? (
        <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
      ) : null}
    </>
  );
}
