import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { toast } from '@/ui/toast-store';

interface Words {
  readonly body: string;
  readonly mentions: string[];
}

interface NewThread extends Words {
  readonly image_id: number;
  readonly parent_id?: number;
  readonly annotation_id?: number;
  readonly point?: [number, number];
}

/** Everything that changes comments; lists are read again afterwards. */
export function useCommentActions(projectId: number) {
  const queries = useQueryClient();
  const errorText = useErrorText();
  const options = {
    onError: (error: unknown) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.comments(projectId) }),
  };
  const create = useMutation({
    mutationFn: (body: NewThread) => api('comments.create', { params: { project_id: projectId }, body }),
    ...options,
  });
  const edit = useMutation({
    mutationFn: ({ id, ...body }: Words & { id: number }) =>
      api('comments.update', { params: { comment_id: id }, body }),
    ...options,
  });
  const remove = useMutation({
    mutationFn: (id: number) => api('comments.delete', { params: { comment_id: id } }),
    ...options,
  });
  const resolve = useMutation({
    mutationFn: ({ id, resolved }: { id: number; resolved: boolean }) =>
      api(resolved ? 'comments.resolve' : 'comments.reopen', { params: { comment_id: id } }),
    ...options,
  });
  return { create, edit, remove, resolve };
}
