'use client';

import type { Dataset, Member } from '@labelyard/contract';
import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { queryKeys } from '@/query-keys';
import { ConfirmDialog } from '@/ui/confirm-dialog';
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
    <ConfirmDialog
      title={t('title', { name, dataset: dataset.name })}
      description={t('text')}
      confirm={t('submit')}
      busy={remove.isPending}
      problem={remove.error && problem(remove.error)}
      onConfirm={run}
      onClose={onClose}
    >
      <PersonName person={member.user} id={member.user_id} self={leaving} />
    </ConfirmDialog>
  );
}
