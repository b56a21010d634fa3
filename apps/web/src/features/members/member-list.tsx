'use client';

import type { Dataset } from '@labelyard/contract';
import { ROLES } from '@labelyard/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { Avatar } from '@/ui/avatar';
import { Badge } from '@/ui/badge';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { Cell, HeadCell, Table } from '@/ui/table';
import { memberListQuery } from './member-queries';

/** Who works here, as what, and what each role may do. */
export function MemberList({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('members');
  const roles = useTranslations('roles');
  const format = useFormatter();
  const errorText = useErrorText();
  const list = useInfiniteQuery(memberListQuery(dataset.project_id));
  if (list.isPending) return <ListSkeleton />;
  if (list.isError && !list.data) return <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />;
  const members = list.data.pages.flatMap((page) => page.items);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 pt-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div>
        <Table caption={t('caption')}>
          <thead>
            <tr>
              <HeadCell>{t('person')}</HeadCell>
              <HeadCell>{t('role')}</HeadCell>
              <HeadCell className="hidden text-right sm:table-cell">{t('since')}</HeadCell>
            </tr>
          </thead>
          <tbody>
            {members.map((member) => {
              const name = member.user?.full_name || member.user?.email || t('unknown');
              return (
                <tr key={member.user_id}>
                  <Cell>
                    <span className="flex items-center gap-3">
                      <Avatar name={name} color={member.user?.badge_color} />
                      <span className="min-w-0">
                        <span className="block font-medium">{name}</span>
                        <span className="block text-sm text-muted">{member.user?.email ?? member.user_id}</span>
                      </span>
                    </span>
                  </Cell>
                  <Cell>
                    <Badge tone={member.role === 'owner' ? 'accent' : 'neutral'}>{roles(member.role)}</Badge>
                  </Cell>
                  <Cell className="hidden whitespace-nowrap text-right text-sm text-muted sm:table-cell">
                    {format.dateTime(new Date(member.granted_at), { dateStyle: 'medium' })}
                  </Cell>
                </tr>
              );
            })}
          </tbody>
        </Table>
        {list.hasNextPage ? (
          <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
        ) : null}
      </div>
      <aside className="h-fit border-l-2 border-accent pl-4 text-sm">
        <h2 className="font-medium">{t('roles.title')}</h2>
        <dl className="mt-2 flex flex-col gap-2">
          {ROLES.toReversed().map((role) => (
            <div key={role}>
              <dt className="font-medium">{roles(role)}</dt>
              <dd className="text-muted">{t(`roles.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </aside>
    </div>
  );
}
