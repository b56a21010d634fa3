'use client';

import { ApiError } from '@labelyard/contract';
import { DELETED_IMAGE_DAYS, type HeldImages } from '@labelyard/domain';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import type { ChosenImagesDialogProps } from '@/features/images/use-asking-action';
import { RadioGroup } from '@/ui/choice';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { Skeleton } from '@/ui/skeleton';
import { toast } from '@/ui/toast-store';
import { deleteImages, impactQuery } from './deletion-queries';
import { useRestore } from './use-restore';

const COUNTED = ['images', 'annotations', 'comments'] as const;
/** Names of people at work that are spelled out. */
const MOST_NAMES = 3;

/** Says what goes, asks about images somebody is working on, and offers the way back once it is done. */
export function DeleteImagesDialog({ dataset, chosen, onDone, onClose }: ChosenImagesDialogProps) {
  const t = useTranslations('deletion');
  const format = useFormatter();
  const errorText = useErrorText();
  const { project_id } = dataset;
  const [held, setHeld] = useState<Exclude<HeldImages, 'refuse'>>('leave');
  const [gone, setGone] = useState(0);
  const impact = useQuery(impactQuery(project_id, chosen));
  const restore = useRestore(project_id);
  const others = impact.data?.held ?? [];
  const remove = useMutation({
    // Whoever began to work on one since it was counted is asked for too.
    mutationFn: () => deleteImages(project_id, chosen, others.length > 0 ? held : 'refuse', setGone),
    onSuccess: ({ deletion_id, images, left }) => {
      toast.success(t('deleted', { count: images }), {
        detail: left > 0 ? t('left_out', { count: left }) : undefined,
        duration: 15_000,
        action: images > 0 ? { label: t('undo'), run: () => restore.mutate({ deletion_id }) } : undefined,
      });
      onDone();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'locked') void impact.refetch();
    },
  });
  const problem = remove.error ?? impact.error;
  const words = problem && errorText(problem);
  const count = impact.data?.images ?? ('image_ids' in chosen ? chosen.image_ids.length : 0);
  const names = [...new Set(others.map(({ user_name }) => user_name))];
  return (
    <ConfirmDialog
      title={t('title', { count })}
      description={t('explain', { days: DELETED_IMAGE_DAYS })}
      confirm={gone > 0 && remove.isPending ? t('progress', { done: gone, count }) : t('confirm', { count })}
      busy={remove.isPending || impact.isPending}
      problem={words ? `${words.title}. ${words.detail}` : undefined}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <dl className="grid grid-cols-3 gap-4 rounded-md bg-danger-soft p-4">
        {COUNTED.map((name) => (
          <div key={name}>
            <dt className="text-sm text-muted">{t(`impact.${name}`)}</dt>
            <dd className="tabular h-6.5 text-xl font-semibold">
              {impact.data ? format.number(impact.data[name]) : <Skeleton className="mt-1 h-5 w-10" />}
            </dd>
          </div>
        ))}
      </dl>
      <ul className="mt-3 flex list-disc flex-col gap-1 pl-5 text-sm text-muted">
        {impact.data && impact.data.in_tasks > 0 ? <li>{t('in_tasks', { count: impact.data.in_tasks })}</li> : null}
        {impact.data && impact.data.versions.length > 0 ? (
          <li>{t('in_versions', { versions: format.list(impact.data.versions.map((number) => `v${number}`)) })}</li>
        ) : null}
      </ul>
      {others.length > 0 ? (
        <RadioGroup
          className="mt-4"
          legend={t('held', {
            count: others.length,
            people: format.list(names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES), '…'] : names),
          })}
          value={held}
          onChange={setHeld}
          options={[
            { value: 'leave', label: t('held_leave') },
            { value: 'delete', label: t('held_delete'), hint: t('held_delete_hint') },
          ]}
        />
      ) : null}
    </ConfirmDialog>
  );
}
