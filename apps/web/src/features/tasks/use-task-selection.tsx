'use client';

import { MAX_PICKED_IMAGES, type Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import type { SelectionAction } from '@/ui/selection-bar';
import { toast } from '@/ui/toast-store';
import { AddToTaskDialog } from './add-to-task-dialog';
import { SplitDialog } from './split-dialog';
import { taskQuery } from './task-queries';
import { useTaskActions } from './use-task-actions';

/** What whoever gives out tasks can do with selected images: make a task of them, put them into one, or take them out. */
export function useTaskSelection({
  dataset,
  taskId,
  ids,
  onDone,
}: {
  dataset: Dataset;
  /** The task whose images are shown; null: all images. */
  taskId: number | null;
  /** Null where more is selected than can be named. */
  ids: ReadonlySet<number> | null;
  onDone: () => void;
}): { actions: readonly SelectionAction[]; problem: ReactNode; dialog: ReactNode } {
  const t = useTranslations('tasks');
  const words = useTranslations('task_images');
  const [open, setOpen] = useState<'new' | 'add' | null>(null);
  const { changeImages } = useTaskActions(dataset.project_id);
  const task = useQuery({ ...taskQuery(dataset.project_id, taskId ?? 0), enabled: taskId !== null });
  if (!can(dataset.role, 'task.manage')) return { actions: [], problem: null, dialog: null };
  const image_ids = [...(ids ?? [])];
  const tooMany = image_ids.length > MAX_PICKED_IMAGES;
  const disabled = image_ids.length === 0 || tooMany;
  // What was selected stays selected when one thinks better of it.
  const close = () => setOpen(null);
  const shown = task.data;
  const takeOut: SelectionAction[] = shown
    ? [
        {
          id: 'task_remove',
          label: words('remove'),
          busy: changeImages.isPending,
          disabled,
          run: () =>
            changeImages.mutate(
              { task: shown, remove: image_ids },
              {
                onSuccess: ({ removed }) => {
                  toast.success(words('removed', { count: removed, name: shown.name }));
                  onDone();
                },
              },
            ),
        },
      ]
    : [];
  return {
    actions: [
      ...takeOut,
      { id: 'task_add', label: words('add'), disabled, run: () => setOpen('add') },
      { id: 'task_new', label: t('make_task'), disabled, run: () => setOpen('new') },
    ],
    problem: tooMany ? words('too_many', { count: MAX_PICKED_IMAGES }) : null,
    dialog:
      open === 'new' ? (
        <SplitDialog dataset={dataset} imageIds={image_ids} onMade={onDone} onClose={close} />
      ) : open === 'add' ? (
        <AddToTaskDialog dataset={dataset} imageIds={image_ids} onAdded={onDone} onClose={close} />
      ) : null,
  };
}
