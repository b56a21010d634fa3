'use client';

import type { Dataset, Member } from '@labelyard/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/toast-store';
import { useMemberActions } from './use-member-actions';

/** Asks before somebody is removed, or leaves. */
export function RemoveMemberDialog({
  dataset,
  member,
  leaving,
  onClose,
}: {
  dataset: Dataset;
  member: Member;
  leaving: boolean;
  onClose: () => void;
}) {
  const t = useTranslations(leaving ? 'people.members.leaving' : 'people.members.remove');
  const ui = useTranslations('ui');
  const person = useTranslations('people.person');
  const router = useRouter();
  const queries = useQueryClient();
  const problem = usePeopleProblem();
  const { remove, refresh } = useMemberActions(dataset);
  const name = member.user?.full_name || member.user?.email || person('unknown');
  const run = () =>
    remove.mutate(
      { user_id: member.user_id },
      {
        onSuccess: () => {
          toast.success(t('done', { name, dataset: dataset.name }));
          onClose();
          if (!leaving) return void refresh();
          void queries.invalidateQueries({ queryKey: queryKeys.datasets() });
          router.push('/datasets');
        },
      },
    );
  return (
    <Dialog
      open
      width="sm"
      onOpenChange={(open) => !open && !remove.isPending && onClose()}
      title={t('title', { name, dataset: dataset.name })}
      description={t('text')}
      footer={
        <>
          <Button onClick={onClose} disabled={remove.isPending}>
            {ui('cancel')}
          </Button>
          <Button variant="danger" busy={remove.isPending} onClick={run}>
            {t('submit')}
          </Button>
        </>
      }
    >
      <PersonName person={member.user} id={member.user_id} self={leaving} />
      {remove.error ? (
        <p role="alert" className="mt-4 text-sm text-danger">
          {problem(remove.error)}
        </p>
      ) : null}
    </Dialog>
  );
}
