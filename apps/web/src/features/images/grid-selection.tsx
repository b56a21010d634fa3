'use client';

import type { Dataset } from '@labelyard/contract';
import { can, type Action } from '@labelyard/domain';
import { CopyCheck, Split, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { DeleteImagesDialog } from '@/features/deletion/delete-images-dialog';
import { useTaskSelection } from '@/features/tasks/use-task-selection';
import { Button } from '@/ui/button';
import { SelectionBar } from '@/ui/selection-bar';
import { ChooseSplitDialog } from './choose-split-dialog';
import type { ImageFilter } from './image-filter';
import { useAskingAction } from './use-asking-action';
import type { ImageSelecting } from './use-image-selection';

/** What can be done with selected images; whoever may do any of it selects. */
const DEEDS = ['image.delete', 'image.split', 'task.manage'] as const satisfies readonly Action[];

export function maySelect({ role }: Dataset): boolean {
  return DEEDS.some((action) => can(role, action));
}

/** Above the grid: how selecting begins, and while it goes on what is selected and what can be done with it. */
export function GridSelection({
  dataset,
  filter,
  selecting,
  loaded,
  hasMore,
  onShowDeleted,
}: {
  dataset: Dataset;
  filter: ImageFilter;
  selecting: ImageSelecting;
  /** Images that are on show. */
  loaded: number;
  /** The list goes on behind them. */
  hasMore: boolean;
  onShowDeleted: () => void;
}) {
  const t = useTranslations('selection');
  const images = useTranslations('images');
  const deletion = useTranslations('deletion');
  const splitting = useTranslations('split_choice');
  const { ids, matching } = selecting.selection;
  const { sort: _sort, ...narrowed } = filter;
  const asking = { dataset, chosen: matching ? { filter: narrowed } : { image_ids: [...ids] }, onDone: selecting.stop };
  const remove = useAskingAction({
    ...asking,
    may: 'image.delete',
    action: { id: 'delete', label: deletion('action'), icon: <Trash2 aria-hidden /> },
    Dialog: DeleteImagesDialog,
  });
  const split = useAskingAction({
    ...asking,
    may: 'image.split',
    action: { id: 'split', label: splitting('action'), icon: <Split aria-hidden /> },
    Dialog: ChooseSplitDialog,
  });
  const tasks = useTaskSelection({
    dataset,
    taskId: filter.task_id ?? null,
    ids: matching ? null : ids,
    onDone: selecting.stop,
  });
  return (
    <>
      {selecting.active ? (
        <SelectionBar
          label={t('bar')}
          count={matching ? t('all_matching') : t('selected', { count: ids.size })}
          more={
            matching ? null : ids.size < loaded ? (
              <Button size="sm" variant="ghost" onClick={selecting.selectShown}>
                {t('select_shown', { count: loaded })}
              </Button>
            ) : hasMore && loaded > 0 ? (
              <Button size="sm" variant="ghost" onClick={selecting.selectMatching}>
                {t('select_matching')}
              </Button>
            ) : null
          }
          problem={tasks.problem}
          actions={[...remove.actions, ...split.actions, ...tasks.actions]}
          onStop={selecting.stop}
        />
      ) : (
        <div className="-mt-2 mb-2 flex flex-wrap justify-end gap-1">
          {can(dataset.role, 'image.delete') ? (
            <Button size="sm" variant="ghost" icon={<Trash2 aria-hidden />} onClick={onShowDeleted}>
              {images('deleted_recently')}
            </Button>
          ) : null}
          {selecting.allowed && loaded > 0 ? (
            <Button size="sm" variant="ghost" icon={<CopyCheck aria-hidden />} onClick={selecting.begin}>
              {t('begin')}
            </Button>
          ) : null}
        </div>
      )}
      {tasks.dialog}
      {remove.dialog}
      {split.dialog}
    </>
  );
}
