import type { Client, LabelClass } from '@labelyard/contract';
import type { TaskType } from '@labelyard/domain';
import type { QueryClient } from '@tanstack/react-query';
import { classQuery } from './class-queries';

type ClassFields = Partial<Pick<LabelClass, 'name' | 'color'>>;
type ClassList = { readonly items: LabelClass[] };
type Shown = { readonly before: ClassList | undefined };

/** Changes of a project's classes. Lists show one at once, take it back when it fails, and have the server's word afterwards. */
export function classChanges(queries: QueryClient, api: Client, projectId: number, complain: (error: unknown) => void) {
  const { queryKey } = classQuery(projectId);
  const show = (update: (items: LabelClass[]) => LabelClass[]) =>
    queries.setQueryData(queryKey, (list) => list && { ...list, items: update(list.items) });
  const showFirst = async (update: (items: LabelClass[]) => LabelClass[]) => {
    // A reading that is on its way knows nothing of it.
    await queries.cancelQueries({ queryKey });
    const before = queries.getQueryData<ClassList>(queryKey);
    show(update);
    return { before };
  };
  const takeBack = (error: unknown, _change: unknown, shown: Shown | undefined) => {
    const before = shown?.before;
    if (before) show(() => before.items);
    complain(error);
  };
  const settle = () => queries.invalidateQueries({ queryKey });

  return {
    create: {
      mutationFn: ({ name, task_type }: { name: string; task_type: TaskType }) =>
        api('classes.create', { params: { project_id: projectId }, body: { name, task_type } }),
      onSuccess: (created: LabelClass) => show((items) => [...items.filter((item) => item.id !== created.id), created]),
      onSettled: settle,
    },
    update: {
      mutationFn: ({ id, ...body }: ClassFields & { id: number }) =>
        api('classes.update', { params: { project_id: projectId, class_id: id }, body }),
      onMutate: ({ id, ...body }: ClassFields & { id: number }) =>
        showFirst((items) => items.map((item) => (item.id === id ? { ...item, ...body } : item))),
      onError: takeBack,
      onSettled: settle,
    },
    remove: {
      mutationFn: (id: number) => api('classes.delete', { params: { project_id: projectId, class_id: id } }),
      onSuccess: (_nothing: unknown, id: number) => show((items) => items.filter((item) => item.id !== id)),
      onSettled: settle,
    },
    reorder: {
      mutationFn: (body: { task_type: TaskType; class_ids: number[] }) =>
        api('classes.reorder', { params: { project_id: projectId }, body }),
      onMutate: ({ task_type, class_ids }: { task_type: TaskType; class_ids: number[] }) => {
        const places = new Map(class_ids.map((id, position) => [id, position]));
        return showFirst((items) =>
          items
            .map((item) => ({ ...item, position: places.get(item.id) ?? item.position }))
            .sort((a, b) => (a.task_type === task_type && b.task_type === task_type ? a.position - b.position : 0)),
        );
      },
      onError: takeBack,
      onSettled: settle,
    },
  };
}
