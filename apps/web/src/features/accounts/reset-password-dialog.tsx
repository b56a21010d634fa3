'use client';

import type { Account } from '@labelyard/contract';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { OneTimePassword } from './one-time-password';

/** Gives somebody who lost it a new password, shown once. */
export function ResetPasswordDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useTranslations('people.accounts');
  const ui = useTranslations('ui');
  const problem = usePeopleProblem();
  const reset = useMutation({
    mutationFn: () => api('accounts.reset_password', { params: { user_id: account.id } }),
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !reset.isPending && onClose()}
      // It is shown only once: not lost by a click beside it.
      {...(reset.data ? { onDismiss: (event: Event) => event.preventDefault() } : {})}
      title={t('reset_title', { name: account.full_name })}
      description={reset.data ? undefined : t('reset_text')}
      footer={
        reset.data ? (
          <Button variant="primary" onClick={onClose}>
            {ui('done')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose} disabled={reset.isPending}>
              {ui('cancel')}
            </Button>
            <Button variant="danger" busy={reset.isPending} onClick={() => reset.mutate()}>
              {t('reset_submit')}
            </Button>
          </>
        )
      }
    >
      {reset.data ? (
        <OneTimePassword name={account.full_name} password={reset.data.password} />
      ) : (
        <PersonName person={account} />
      )}
      {reset.error ? (
        <p role="alert" className="mt-4 text-sm text-danger">
          {problem(reset.error)}
        </p>
      ) : null}
    </Dialog>
  );
}
