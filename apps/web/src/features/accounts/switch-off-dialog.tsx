'use client';

import type { Account } from '@labelyard/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/toast-store';

/** Asks before somebody can no longer sign in. */
export function SwitchOffDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useTranslations('people.accounts');
  const ui = useTranslations('ui');
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
    <Dialog
      open
      width="sm"
      onOpenChange={(open) => !open && !off.isPending && onClose()}
      title={t('deactivate_title', { name })}
      description={t('deactivate_text')}
      footer={
        <>
          <Button onClick={onClose} disabled={off.isPending}>
            {ui('cancel')}
          </Button>
          <Button variant="danger" busy={off.isPending} onClick={() => off.mutate()}>
            {t('deactivate')}
          </Button>
        </>
      }
    >
      <PersonName person={account} />
      {off.error ? (
        <p role="alert" className="mt-4 text-sm text-danger">
          {problem(off.error)}
        </p>
      ) : null}
    </Dialog>
  );
}
