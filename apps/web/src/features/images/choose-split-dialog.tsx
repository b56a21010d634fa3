'use client';

import { SPLITS, type Split } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { RadioGroup } from '@/ui/choice';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/toast-store';
import { inParts } from './chosen-images';
import type { ChosenImagesDialogProps } from './use-asking-action';

const BY_PATH = 'by_path';

/** Asks which part of training the images belong to. */
export function ChooseSplitDialog({ dataset: { project_id }, chosen, onDone, onClose }: ChosenImagesDialogProps) {
  const t = useTranslations('split_choice');
  const splits = useTranslations('splits');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [value, setValue] = useState<Split | typeof BY_PATH>('train');
  const save = useMutation({
    mutationFn: async () => {
      let changed = 0;
      const split = value === BY_PATH ? null : value;
      await inParts(chosen, async (part) => {
        const answer = await api('images.split', { params: { project_id }, body: { ...part, split } });
        changed += answer.changed;
        return answer.next_cursor;
      });
      return changed;
    },
    onSuccess: (changed) => {
      toast.success(t('done', { count: changed }));
      onDone();
    },
    // What fails half way has changed a part.
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.images(project_id) }),
  });
  const problem = save.error ? errorText(save.error) : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title')}
      description={t('explain')}
      footer={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button variant="primary" busy={save.isPending} onClick={() => save.mutate()}>
            {t('submit')}
          </Button>
        </>
      }
    >
      <RadioGroup
        legend={t('legend')}
        value={value}
        onChange={setValue}
        options={[
          ...SPLITS.map((split) => ({ value: split, label: splits(split) })),
          { value: BY_PATH, label: t('by_path'), hint: t('by_path_hint') },
        ]}
      />
      {problem ? (
        <p role="alert" className="mt-4 rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
          {problem.title}. {problem.detail}
        </p>
      ) : null}
    </Dialog>
  );
}
