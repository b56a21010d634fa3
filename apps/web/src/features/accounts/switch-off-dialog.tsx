'use client';

import type { Account } from '@labelyard/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { queryKeys } from '@/query-keys';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { toast } from '@/ui/toast-store';

/** Asks before somebody can no longer sign in. */
export function SwitchOffDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useTranslations('people.accounts');
  const problem = usePeopleProblem();
  const queries = useQueryClient();
  const name = account.full_name;
  const off = useMutation({
    mutationFn: () => api('accounts.update', { params: { user_id: account.id }, body: { is_active: false } }),
    onSuccess: () => {
      toast.success(t('deactivated', { name }));
      void queries.invalidateQueries({ queryKey: queryKeys.accounts() });
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={t('deactivate_title', { name })}
      description={t('deactivate_text')}
      confirm={t('deactivate')}
      busy={off.isPending}
      problem={off.error && problem(off.error)}
      onConfirm={() => off.mutate()}
      onClose={onClose}
    >
      <PersonName person={account} />
    </ConfirmDialog>
  );
}
