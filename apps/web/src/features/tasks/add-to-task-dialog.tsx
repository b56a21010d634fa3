'use client';

import { ApiError, type AnnotationTask, type Dataset } from '@labelyard/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { memberName } from '@/features/members/use-members';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/choice';
import { classNames } from '@/ui/class-names';
import { Dialog } from '@/ui/dialog';
import { FormFooter } from '@/ui/form-footer';
import { SearchField } from '@/ui/search-field';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { toast } from '@/ui/toast-store';
import { taskListQuery } from './task-queries';
import { TaskStateBadge } from './task-state';
import { useTaskActions } from './use-task-actions';

const FORM_ID = 'add-to-task';

/** Puts chosen images into a task there is. Those that another task has are moved only when that is said. */
export function AddToTaskDialog({
  dataset,
  imageIds,
  onAdded,
  onClose,
}: {
  dataset: Dataset;
  imageIds: readonly number[];
  onAdded: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('task_images');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const [q, setQ] = useState('');
  const [task, setTask] = useState<AnnotationTask | null>(null);
  const [moving, setMoving] = useState(false);
  const { changeImages } = useTaskActions(dataset.project_id);
  const list = useInfiniteQuery(taskListQuery(dataset.project_id, q ? { q } : {}));
  const tasks = list.data?.pages.flatMap((page) => page.items) ?? [];
  const elsewhere = imagesElsewhere(changeImages.error);

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !changeImages.isPending && onClose()}
      title={t('add_title', { count: imageIds.length })}
      description={t('add_explain')}
      footer={
        <FormFooter
          form={FORM_ID}
          submit={t('add_submit')}
          busy={changeImages.isPending}
          disabled={task === null || (elsewhere > 0 && !moving)}
          onCancel={onClose}
        />
      }
    >
      <form
        id={FORM_ID}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!task) return;
          changeImages.mutate(
            { task, add: imageIds, move: moving, quiet: true },
            {
              onSuccess: ({ added }) => {
                toast.success(t('added', { count: added, name: task.name }));
                onAdded();
                onClose();
              },
            },
          );
        }}
      >
        <SearchField label={t('search')} value={q} onChange={setQ} />
        {list.isPending ? (
          <ListSkeleton />
        ) : list.isError && tasks.length === 0 ? (
          <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
        ) : tasks.length === 0 ? (
          <p className="py-6 text-center text-sm text-muted">{t(q ? 'none_found' : 'none')}</p>
        ) : (
          <fieldset className="max-h-80 overflow-y-auto rounded-md border">
            <legend className="sr-only">{t('choose')}</legend>
            {tasks.map((one) => (
              <label
                key={one.id}
                className={classNames(
                  'flex cursor-pointer items-center gap-3 border-b px-3 py-2 last:border-b-0',
                  task?.id === one.id ? 'bg-pressed' : 'hover:bg-hover',
                )}
              >
                <input
                  type="radio"
                  name="task"
                  className="size-4 accent-accent"
                  checked={task?.id === one.id}
                  onChange={() => {
                    setTask(one);
                    setMoving(false);
                    changeImages.reset();
                  }}
                />
                <span className="min-w-0 flex-1">
                  <span className="block truncate font-medium">{one.name}</span>
                  <span className="block truncate text-sm text-muted">
                    {[
                      t('images', { count: one.image_count }),
                      one.assignee_id === null
                        ? t('nobody')
                        : memberName({ user: one.assignee, user_id: one.assignee_id }),
                    ].join(' · ')}
                  </span>
                </span>
                <TaskStateBadge state={one.state} />
              </label>
            ))}
            {list.hasNextPage ? (
              <div className="flex justify-center p-2">
                <Button size="sm" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                  {ui('more')}
                </Button>
              </div>
            ) : null}
          </fieldset>
        )}
        {elsewhere > 0 ? (
          <div role="alert" className="rounded-md bg-warning-soft px-3 py-2">
            <Checkbox
              checked={moving}
              onChange={setMoving}
              label={t('move', { count: elsewhere })}
              hint={t('move_hint')}
            />
          </div>
        ) : changeImages.error ? (
          <p role="alert" className="text-sm text-danger">
            {errorText(changeImages.error).title}. {errorText(changeImages.error).detail}
          </p>
        ) : null}
      </form>
    </Dialog>
  );
}

/** How many of the images another task has, if that is why it was refused. */
function imagesElsewhere(error: unknown): number {
  if (!(error instanceof ApiError) || !Array.isArray(error.details)) return 0;
  const [first] = error.details as { code?: string; count?: number }[];
  return first?.code === 'in_other_task' ? (first.count ?? 0) : 0;
}
