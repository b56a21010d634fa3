'use client';

import type { Dataset, Member } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { toast } from '@/ui/toast-store';
import { useMemberActions } from './use-member-actions';

const FORM_ID = 'transfer-dataset';

/** Hands the dataset over; asks for its name, because only the new owner can undo it. */
export function TransferDialog({
  dataset,
  member,
  onClose,
}: {
  dataset: Dataset;
  member: Member;
  onClose: () => void;
}) {
  const t = useTranslations('people.members.transfer');
  const ui = useTranslations('ui');
  const problem = usePeopleProblem();
  const { transfer } = useMemberActions(dataset);
  const [typed, setTyped] = useState('');
  const name = member.user?.full_name || member.user?.email || member.user_id;
  const matches = typed.trim().normalize('NFC') === dataset.name.normalize('NFC');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !transfer.isPending && onClose()}
      title={t('title', { name })}
      description={t('text', { name })}
      footer={
        <>
          <Button onClick={onClose} disabled={transfer.isPending}>
            {ui('cancel')}
          </Button>
          <Button type="submit" form={FORM_ID} variant="danger" busy={transfer.isPending} disabled={!matches}>
            {t('submit')}
          </Button>
        </>
      }
    >
      <PersonName person={member.user} id={member.user_id} />
      <form
        id={FORM_ID}
        className="mt-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (!matches) return;
          transfer.mutate(
            { user_id: member.user_id },
            {
              onSuccess: () => {
                toast.success(t('done', { name }));
                onClose();
              },
            },
          );
        }}
      >
        <Field
          label={t.rich('type_name', { name: dataset.name, b: (chunks) => <b className="select-all">{chunks}</b> })}
          error={transfer.error ? problem(transfer.error) : undefined}
        >
          <Input value={typed} autoComplete="off" autoFocus onChange={(event) => setTyped(event.target.value)} />
        </Field>
      </form>
    </Dialog>
  );
}
