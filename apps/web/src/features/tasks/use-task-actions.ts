import type { AnnotationTask, SplitBody } from '@labelyard/contract';
import type { TaskMove } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { ApiError } from '@labelyard/contract';
import { api } from '@/api';
import { useErrorText, type ErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { toast } from '@/ui/toast-store';

/** Codes of a refused move that have words of their own. */
const KNOWN = ['unfinished_images', 'no_images', 'wrong_state', 'reason_missing', 'too_many_tasks'] as const;

interface ChangedFields {
  readonly name?: string;
  readonly description?: string;
  readonly due_at?: string | null;
  readonly assignee_id?: string | null;
}

interface ImagesChange {
  readonly task: AnnotationTask;
  readonly add?: readonly number[];
  readonly remove?: readonly number[];
  /** Takes images out of other tasks. */
  readonly move?: boolean;
  /** A refusal is shown where it was asked. */
  readonly quiet?: boolean;
}

/** Everything that changes tasks. Lists are read again afterwards; a refusal is said in words. */
export function useTaskActions(projectId: number) {
  const t = useTranslations('tasks');
  const queries = useQueryClient();
  const errorText = useErrorText();
  const splits = { queryKey: queryKeys.splits(projectId) };
  const settle = () =>
    Promise.all(
      [queryKeys.tasks(projectId), queryKeys.myWork, queryKeys.images(projectId)].map((queryKey) =>
        queries.invalidateQueries({ queryKey }),
      ),
    );
  const wordsFor = (error: unknown): ErrorText => {
    if (error instanceof ApiError && error.code === 'in_use') {
      const dissolving = (error.details as { reason?: string } | undefined)?.reason === 'dissolving';
      return { title: t(dissolving ? 'splitting.dissolving' : 'splitting.busy'), detail: '' };
    }
    const details =
      error instanceof ApiError && Array.isArray(error.details) ? (error.details as { code?: string }[]) : [];
    const code = KNOWN.find((known) => details[0]?.code === known);
    return code ? { title: t(`problems.${code}`), detail: '' } : errorText(error);
  };
  const complain = (error: unknown) => {
    const { title, detail } = wordsFor(error);
    toast.error(title, detail ? { detail } : {});
  };

  const create = useMutation({
    mutationFn: (body: SplitBody) => api('tasks.create', { params: { project_id: projectId }, body }),
    onSettled: () => Promise.all([settle(), queries.invalidateQueries(splits)]),
  });
  const cancelSplit = useMutation({
    mutationFn: (split_id: number) => api('splits.cancel', { params: { split_id } }),
    onError: complain,
    onSettled: () => queries.invalidateQueries(splits),
  });
  const move = useMutation({
    mutationFn: ({ task, move: name, reason }: { task: AnnotationTask; move: TaskMove; reason?: string }) =>
      api(`tasks.${name}`, { params: { task_id: task.id }, body: { version: task.version, reason } }),
    onError: complain,
    onSettled: settle,
  });
  const update = useMutation({
    mutationFn: ({ task, ...change }: ChangedFields & { task: AnnotationTask }) =>
      api('tasks.update', { params: { task_id: task.id }, body: { version: task.version, ...change } }),
    onError: complain,
    onSettled: settle,
  });
  const changeImages = useMutation({
    mutationFn: ({ task, add = [], remove: out = [], move: moving = false }: ImagesChange) =>
      api('tasks.images', {
        params: { task_id: task.id },
        body: { version: task.version, add: [...add], remove: [...out], move: moving },
      }),
    onError: (error, { quiet }) => {
      if (!quiet) complain(error);
    },
    onSettled: settle,
  });
  const remove = useMutation({
    mutationFn: (task: AnnotationTask) =>
      api('tasks.delete', { params: { task_id: task.id }, query: { version: task.version } }),
    onError: complain,
    onSettled: settle,
  });
  return { create, cancelSplit, wordsFor, complain, settle, move, update, changeImages, remove };
}
