'use client';

import type { Account } from '@labelyard/contract';
import { keepPreviousData, useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, KeyRound, Pencil, SearchX, UserCheck, UserPlus, UserX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { IconButton } from '@/ui/icon-button';
import { Menu, MenuItem } from '@/ui/menu';
import { SearchField } from '@/ui/search-field';
import { Select } from '@/ui/select';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { Cell, HeadCell, Table } from '@/ui/table';
import { toast } from '@/ui/toast-store';
import { AccountDialog } from './account-dialog';
import { accountListQuery } from './account-queries';
import { ResetPasswordDialog } from './reset-password-dialog';
import { SwitchOffDialog } from './switch-off-dialog';

type Open = { readonly what: 'add' } | { readonly what: 'edit' | 'password' | 'switch_off'; readonly account: Account };

/** Everybody of the installation, for those who administer it. */
export function AccountList({ myId }: { myId: string }) {
  const t = useTranslations('people.accounts');
  const systemRoles = useTranslations('people.system_roles');
  const errorText = useErrorText();
  const problem = usePeopleProblem();
  const queries = useQueryClient();
  const [q, setQ] = useState('');
  const [active, setActive] = useState<'all' | 'true' | 'false'>('all');
  const [open, setOpen] = useState<Open | null>(null);
  const list = useInfiniteQuery({
    ...accountListQuery({ q, active: active === 'all' ? undefined : active }),
    placeholderData: keepPreviousData,
  });
  const accounts = list.data?.pages.flatMap((page) => page.items) ?? [];
  const reactivate = useMutation({
    mutationFn: ({ id }: Account) => api('accounts.update', { params: { user_id: id }, body: { is_active: true } }),
    onSuccess: ({ full_name: name }) => toast.success(t('reactivated', { name })),
    onError: (error) => toast.error(problem(error)),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.accounts() }),
  });

  return (
    <div className="pt-8">
      <div className="flex flex-wrap items-center gap-3 pb-5">
        <h1 className="mr-auto text-2xl font-semibold">{t('title')}</h1>
        <SearchField
          label={t('search')}
          value={q}
          onChange={setQ}
          className="order-last w-full sm:order-none sm:w-64"
        />
        <Select
          label={t('show')}
          value={active}
          onChange={setActive}
          options={(['all', 'true', 'false'] as const).map((value) => ({ value, label: t(`filter.${value}`) }))}
        />
        <Button variant="primary" icon={<UserPlus aria-hidden />} onClick={() => setOpen({ what: 'add' })}>
          {t('add')}
        </Button>
      </div>
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && accounts.length === 0 ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : accounts.length === 0 ? (
        <EmptyState icon={<SearchX aria-hidden />} title={t('none_found')} />
      ) : (
        <Table caption={t('title')}>
          <thead>
            <tr>
              <HeadCell>{t('person')}</HeadCell>
              <HeadCell className="hidden sm:table-cell">{t('system_role')}</HeadCell>
              <HeadCell className="hidden md:table-cell">{t('organization')}</HeadCell>
              <HeadCell className="w-8">
                <span className="sr-only">{t('actions')}</span>
              </HeadCell>
            </tr>
          </thead>
          <tbody>
            {accounts.map((account) => (
              <tr key={account.id}>
                <Cell className="w-full max-w-0">
                  <PersonName person={account} self={account.id === myId} />
                </Cell>
                <Cell className="hidden whitespace-nowrap sm:table-cell">{systemRoles(account.system_role)}</Cell>
                <Cell className="hidden max-w-64 truncate text-muted md:table-cell">{account.organization?.name}</Cell>
                <Cell className="text-right">
                  <Menu
                    trigger={
                      <IconButton label={t('actions_for', { name: account.full_name })} size="sm">
                        <Ellipsis aria-hidden />
                      </IconButton>
                    }
                  >
                    <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setOpen({ what: 'edit', account })}>
                      {t('edit')}
                    </MenuItem>
                    <MenuItem icon={<KeyRound aria-hidden />} onSelect={() => setOpen({ what: 'password', account })}>
                      {t('reset_password')}
                    </MenuItem>
                    {account.is_active ? (
                      <MenuItem
                        danger
                        icon={<UserX aria-hidden />}
                        onSelect={() => setOpen({ what: 'switch_off', account })}
                      >
                        {t('deactivate')}
                      </MenuItem>
                    ) : (
                      <MenuItem icon={<UserCheck aria-hidden />} onSelect={() => reactivate.mutate(account)}>
                        {t('reactivate')}
                      </MenuItem>
                    )}
                  </Menu>
                </Cell>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {list.hasNextPage ? (
        <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
      ) : null}
      {open?.what === 'add' ? <AccountDialog account={null} onClose={() => setOpen(null)} /> : null}
      {open?.what === 'edit' ? <AccountDialog account={open.account} onClose={() => setOpen(null)} /> : null}
      {open?.what === 'password' ? <ResetPasswordDialog account={open.account} onClose={() => setOpen(null)} /> : null}
      {open?.what === 'switch_off' ? <SwitchOffDialog account={open.account} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}
