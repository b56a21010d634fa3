'use client';

import { MAX_PICKED_IMAGES, type Dataset, type ProjectImage } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useQuery } from '@tanstack/react-query';
import { Check, ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Thumbnail } from '@/features/images/thumbnail';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { toast } from '@/ui/toast-store';
import { AddToTaskDialog } from './add-to-task-dialog';
import { SplitDialog } from './split-dialog';
import { taskQuery } from './task-queries';
import { useTaskActions } from './use-task-actions';

/** Images picked by hand to make a task of; null while nothing is being picked. */
export type PickedImages = ReadonlySet<number> | null;

/** Begins and ends picking, and puts what was picked into a task, or takes it out. Only for those who give out tasks. */
export function PickBar({
  dataset,
  taskId,
  shown,
  picked,
  onChange,
}: {
  dataset: Dataset;
  /** The task whose images are shown; null: all images. */
  taskId: number | null;
  /** What can be picked without scrolling on. */
  shown: readonly ProjectImage[];
  picked: PickedImages;
  onChange: (picked: PickedImages) => void;
}) {
  const t = useTranslations('tasks');
  const images = useTranslations('task_images');
  const [open, setOpen] = useState<'new' | 'add' | null>(null);
  const { changeImages } = useTaskActions(dataset.project_id);
  const task = useQuery({ ...taskQuery(dataset.project_id, taskId ?? 0), enabled: taskId !== null });
  if (!can(dataset.role, 'task.manage')) return null;
  if (!picked)
    return (
      <div className="-mt-2 mb-2 flex justify-end">
        <Button size="sm" variant="ghost" icon={<ListChecks aria-hidden />} onClick={() => onChange(new Set())}>
          {t('select')}
        </Button>
      </div>
    );
  // What was picked stays picked when one thinks better of it.
  const close = () => setOpen(null);
  const done = () => onChange(null);
  return (
    <div className="sticky top-13 z-20 -mx-1 mb-2 flex flex-wrap items-center gap-2 border-b bg-bg px-1 py-2">
      <p role="status" className="tabular mr-auto text-sm">
        {t('selected', { count: picked.size })}
      </p>
      <Button
        size="sm"
        variant="ghost"
        disabled={shown.length === 0 || shown.every(({ id }) => picked.has(id))}
        onClick={() => onChange(new Set([...picked, ...shown.map(({ id }) => id)]))}
      >
        {images('select_shown', { count: shown.length })}
      </Button>
      <Button size="sm" onClick={() => onChange(null)}>
        {t('stop_select')}
      </Button>
      {task.data ? (
        <Button
          size="sm"
          busy={changeImages.isPending}
          disabled={picked.size === 0 || picked.size > MAX_PICKED_IMAGES}
          onClick={() =>
            changeImages.mutate(
              { task: task.data, remove: [...picked] },
              {
                onSuccess: ({ removed }) => {
                  toast.success(images('removed', { count: removed, name: task.data.name }));
                  onChange(null);
                },
              },
            )
          }
        >
          {images('remove')}
        </Button>
      ) : null}
      <Button size="sm" disabled={picked.size === 0 || picked.size > MAX_PICKED_IMAGES} onClick={() => setOpen('add')}>
        {images('add')}
      </Button>
      <Button
        size="sm"
        variant="primary"
        disabled={picked.size === 0 || picked.size > MAX_PICKED_IMAGES}
        onClick={() => setOpen('new')}
      >
        {t('make_task')}
      </Button>
      {picked.size > MAX_PICKED_IMAGES ? (
        <p role="alert" className="w-full text-sm text-danger">
          {images('too_many', { count: MAX_PICKED_IMAGES })}
        </p>
      ) : null}
      {open === 'new' ? <SplitDialog dataset={dataset} imageIds={[...picked]} onMade={done} onClose={close} /> : null}
      {open === 'add' ? (
        <AddToTaskDialog dataset={dataset} imageIds={[...picked]} onAdded={done} onClose={close} />
      ) : null}
    </div>
  );
}

/** An image to be picked or left. */
export function PickCard({
  projectId,
  image,
  picked,
  onToggle,
}: {
  projectId: number;
  image: ProjectImage;
  picked: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations('tasks');
  const name = image.path.slice(image.path.lastIndexOf('/') + 1);
  return (
    <button
      type="button"
      aria-pressed={picked}
      aria-label={t('select_image', { name: image.path })}
      title={image.path}
      onClick={onToggle}
      className={classNames(
        'relative flex size-full flex-col overflow-hidden rounded-md border bg-surface text-left',
        picked ? 'border-accent-line ring-2 ring-accent-line' : 'hover:border-control',
      )}
    >
      <Thumbnail projectId={projectId} image={image} className="min-h-0 w-full flex-1" />
      <span className="flex h-13 w-full items-center truncate px-2.5 text-sm">{name}</span>
      <span
        aria-hidden
        className={classNames(
          'absolute left-2 top-2 flex size-5 items-center justify-center rounded-sm border [&_svg]:size-4',
          picked ? 'border-accent-line bg-accent text-on-accent' : 'border-control bg-surface',
        )}
      >
        {picked ? <Check /> : null}
      </span>
    </button>
  );
}
