import type { Dataset } from '@labelyard/contract';
import type { Role } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { usePeopleProblem } from '@/features/people/people-problem';
import { queryKeys } from '@/query-keys';
import { toast } from '@/ui/toast-store';

/** What can be done with members of a dataset's project. */
export function useMemberActions({ id, project_id }: Dataset) {
  const t = useTranslations('people.members');
  const queries = useQueryClient();
  const problem = usePeopleProblem();
  const refresh = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: queryKeys.members(project_id) }),
      queries.invalidateQueries({ queryKey: queryKeys.dataset(id), exact: true }),
    ]);

  const changeRole = useMutation({
    mutationFn: ({ user_id, role }: { user_id: string; name: string; role: Role }) =>
      api('members.update', { params: { project_id, user_id }, body: { role } }),
    onSuccess: (_member, { name }) => toast.success(t('role_changed', { name })),
    onError: (error) => toast.error(problem(error)),
    onSettled: refresh,
  });

  const remove = useMutation({
    mutationFn: ({ user_id }: { user_id: string }) => api('members.remove', { params: { project_id, user_id } }),
  });

  const transfer = useMutation({
    mutationFn: ({ user_id }: { user_id: string }) =>
      api('members.transfer', { params: { project_id }, body: { user_id } }),
    onSettled: refresh,
  });

  return { changeRole, remove, transfer, refresh };
}
