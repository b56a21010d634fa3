import type { LabelClass } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { toast } from '@/ui/toast-store';
import { classQuery } from './class-queries';

/** Everything that changes a project's classes. Lists show a change at once and the server's word afterwards. */
export function useClassActions(projectId: number) {
  const queries = useQueryClient();
  const errorText = useErrorText();
  const { queryKey } = classQuery(projectId);
  const change = (update: (items: LabelClass[]) => LabelClass[]) =>
    queries.setQueryData(queryKey, (list) => list && { ...list, items: update(list.items) });
  const settle = () => queries.invalidateQueries({ queryKey });
  const complain = (error: unknown) => {
    const { title, detail } = errorText(error);
    toast.error(title, { detail });
  };

  const create = useMutation({
    mutationFn: ({ name, task_type }: { name: string; task_type: TaskType }) =>
      api('classes.create', { params: { project_id: projectId }, body: { name, task_type } }),
    onSuccess: (created) => change((items) => [...items.filter((item) => item.id !== created.id), created]),
    onSettled: settle,
  });

  const update = useMutation({
    mutationFn: ({ id, ...body }: { id: number; name?: string; color?: string }) =>
      api('classes.update', { params: { project_id: projectId, class_id: id }, body }),
    onMutate: ({ id, ...body }) =>
      change((items) => items.map((item) => (item.id === id ? { ...item, ...body } : item))),
    onError: complain,
    onSettled: settle,
  });

  const remove = useMutation({
    mutationFn: (id: number) => api('classes.delete', { params: { project_id: projectId, class_id: id } }),
    onSuccess: (_nothing, id) => change((items) => items.filter((item) => item.id !== id)),
    onSettled: settle,
  });

  const reorder = useMutation({
    mutationFn: (body: { task_type: TaskType; class_ids: number[] }) =>
      api('classes.reorder', { params: { project_id: projectId }, body }),
    onMutate: ({ task_type, class_ids }) =>
      change((items) => {
        const places = new Map(class_ids.map((id, position) => [id, position]));
        return items
          .map((item) => ({ ...item, position: places.get(item.id) ?? item.position }))
          .sort((a, b) => (a.task_type === task_type && b.task_type === task_type ? a.position - b.position : 0));
      }),
    onError: complain,
    onSettled: settle,
  });

  return { create, update, remove, reorder };
}
