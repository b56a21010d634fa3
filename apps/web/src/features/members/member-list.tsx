'use client';

import type { Dataset, Member } from '@labelyard/contract';
import { can, changeRoleProblem, grantableRoles, removeMemberProblem, ROLES } from '@labelyard/domain';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Crown, Ellipsis, LogOut, UserMinus, UserPlus } from 'lucide-react';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { PersonName } from '@/features/people/person-name';
import { meQuery } from '@/features/session/me-query';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { Menu, MenuItem } from '@/ui/menu';
import { Select } from '@/ui/select';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { Cell, HeadCell, Table } from '@/ui/table';
import { AddMemberDialog } from './add-member-dialog';
import { memberListQuery } from './member-queries';
import { PendingInvitations } from './pending-invitations';
import { RemoveMemberDialog } from './remove-member-dialog';
import { TransferDialog } from './transfer-dialog';
import { useMemberActions } from './use-member-actions';

type Open = { readonly what: 'add' } | { readonly what: 'remove' | 'transfer'; readonly member: Member };

/** Who works here, as what, and what each role may do. */
export function MemberList({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('people.members');
  const old = useTranslations('members');
  const roles = useTranslations('roles');
  const errorText = useErrorText();
  const list = useInfiniteQuery(memberListQuery(dataset.project_id));
  const me = useQuery(meQuery()).data;
  const [open, setOpen] = useState<Open | null>(null);
  if (list.isPending) return <ListSkeleton />;
  if (list.isError && !list.data) return <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />;
  const members = list.data.pages.flatMap((page) => page.items);
  const manages = can(dataset.role, 'member.manage');
  const own = members.find((member) => member.user_id === me?.id);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 pt-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div>
        <div className="flex flex-wrap items-center justify-between gap-3 pb-3">
          <h2 className="text-lg font-semibold">{t('title')}</h2>
          <div className="flex gap-2">
            {own && own.role !== 'owner' ? (
              <Button icon={<LogOut aria-hidden />} onClick={() => setOpen({ what: 'remove', member: own })}>
                {t('leave')}
              </Button>
            ) : null}
            {manages ? (
              <Button variant="primary" icon={<UserPlus aria-hidden />} onClick={() => setOpen({ what: 'add' })}>
                {t('add')}
              </Button>
            ) : null}
          </div>
        </div>
        <Table caption={old('caption')}>
          <thead>
            <tr>
              <HeadCell>{old('person')}</HeadCell>
              <HeadCell>{old('role')}</HeadCell>
              <HeadCell className="hidden text-right md:table-cell">{old('since')}</HeadCell>
              {manages ? (
                <HeadCell className="w-8">
                  <span className="sr-only">{t('actions')}</span>
                </HeadCell>
              ) : null}
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <MemberRow
                key={member.user_id}
                dataset={dataset}
                member={member}
                myId={me?.id ?? ''}
                manages={manages}
                onOpen={(what) => setOpen({ what, member })}
              />
            ))}
          </tbody>
        </Table>
        {list.hasNextPage ? (
          <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
        ) : null}
        {manages ? <PendingInvitations dataset={dataset} /> : null}
      </div>
      <aside className="h-fit border-l-2 border-accent pl-4 text-sm">
        <h2 className="font-medium">{old('roles.title')}</h2>
        <dl className="mt-2 flex flex-col gap-2">
          {ROLES.toReversed().map((role) => (
            <div key={role}>
              <dt className="font-medium">{roles(role)}</dt>
              <dd className="text-muted">{old(`roles.${role}`)}</dd>
            </div>
          ))}
        </dl>
        <Link href="/help/permissions" className="mt-3 inline-block text-accent-text underline underline-offset-2">
          {t('all_rights')}
        </Link>
      </aside>
      {open?.what === 'add' ? <AddMemberDialog dataset={dataset} onClose={() => setOpen(null)} /> : null}
      {open?.what === 'remove' ? (
        <RemoveMemberDialog
          dataset={dataset}
          member={open.member}
          leaving={open.member.user_id === me?.id}
          onClose={() => setOpen(null)}
        />
      ) : null}
      {open?.what === 'transfer' ? (
        <TransferDialog dataset={dataset} member={open.member} onClose={() => setOpen(null)} />
      ) : null}
    </div>
  );
}

function MemberRow({
  dataset,
  member,
  myId,
  manages,
  onOpen,
}: {
  dataset: Dataset;
  member: Member;
  myId: string;
  manages: boolean;
  onOpen: (what: 'remove' | 'transfer') => void;
}) {
  const t = useTranslations('people.members');
  const person = useTranslations('people.person');
  const roles = useTranslations('roles');
  const format = useFormatter();
  const { changeRole } = useMemberActions(dataset);
  const name = member.user ? member.user.full_name || member.user.email : person('unknown');
  // Owners are counted by the server; here the one who is shown stays.
  const change = { actor: { user_id: myId, role: dataset.role }, target: member, owners: 1 };
  const given = grantableRoles(dataset.role);
  const editable = changeRoleProblem(change, 'viewer') === null;
  const removable = member.user_id !== myId && removeMemberProblem(change) === null;
  const transferable =
    can(dataset.role, 'project.transfer') && member.role !== 'owner' && (member.user?.is_active ?? false);
  const shown = changeRole.isPending ? changeRole.variables.role : member.role;
  return (
    <tr>
      <Cell className="w-full max-w-0">
        <PersonName person={member.user} id={member.user_id} self={member.user_id === myId} />
      </Cell>
      <Cell>
        {editable ? (
          <Select
            size="sm"
            className="w-28 sm:w-32"
            label={t('role_of', { name })}
            value={shown}
            disabled={changeRole.isPending}
            onChange={(role) => role !== member.role && changeRole.mutate({ user_id: member.user_id, name, role })}
            options={given.map((role) => ({ value: role, label: roles(role) }))}
          />
        ) : (
          <Badge tone={member.role === 'owner' ? 'accent' : 'neutral'}>{roles(member.role)}</Badge>
        )}
      </Cell>
      <Cell className="hidden whitespace-nowrap text-right text-sm text-muted md:table-cell">
        {format.dateTime(new Date(member.granted_at), { dateStyle: 'medium' })}
      </Cell>
      {manages ? (
        <Cell className="text-right">
          {removable || transferable ? (
            <Menu
              trigger={
                <IconButton label={t('actions_for', { name })} size="sm">
                  <Ellipsis aria-hidden />
                </IconButton>
              }
            >
              {transferable ? (
                <MenuItem icon={<Crown aria-hidden />} onSelect={() => onOpen('transfer')}>
                  {t('transfer.menu')}
                </MenuItem>
              ) : null}
              {removable ? (
                <MenuItem danger icon={<UserMinus aria-hidden />} onSelect={() => onOpen('remove')}>
                  {t('remove.menu')}
                </MenuItem>
              ) : null}
            </Menu>
          ) : null}
        </Cell>
      ) : null}
    </tr>
  );
}
