import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api';
import { queryKeys } from '@/query-keys';

/** What can be done with an invitation, by whoever got or sent it. */
export function useInvitationActions(projectId?: number) {
  const queries = useQueryClient();
  const onSettled = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: queryKeys.invitations() }),
      projectId === undefined
        ? undefined
        : queries.invalidateQueries({ queryKey: queryKeys.projectInvitations(projectId) }),
    ]);
  const accept = useMutation({
    mutationFn: ({ id, token }: { id: number; token?: string }) =>
      api('invitations.accept', { params: { invitation_id: id }, body: { token } }),
    onSuccess: () => void queries.invalidateQueries({ queryKey: queryKeys.datasets() }),
    onSettled,
  });
  const decline = useMutation({
    mutationFn: ({ id, token }: { id: number; token?: string }) =>
      api('invitations.decline', { params: { invitation_id: id }, body: { token } }),
    onSettled,
  });
  const cancel = useMutation({
    mutationFn: ({ id }: { id: number }) => api('invitations.cancel', { params: { invitation_id: id } }),
    onSettled,
  });
  const renew = useMutation({
    mutationFn: ({ id }: { id: number }) => api('invitations.renew', { params: { invitation_id: id } }),
    onSettled,
  });
  return { accept, decline, cancel, renew };
}
