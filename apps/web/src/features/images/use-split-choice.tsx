'use client';

import type { Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { Split as SplitIcon } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import type { SelectionAction } from '@/ui/selection-bar';
import { ChooseSplitDialog } from './choose-split-dialog';
import type { ChosenImages } from './chosen-images';

/** Putting selected images into a split, for those who may. */
export function useSplitChoice(
  dataset: Dataset,
  chosen: ChosenImages,
  onDone: () => void,
): { actions: readonly SelectionAction[]; dialog: ReactNode } {
  const t = useTranslations('split_choice');
  const [open, setOpen] = useState(false);
  if (!can(dataset.role, 'image.split')) return { actions: [], dialog: null };
  const none = 'image_ids' in chosen && chosen.image_ids.length === 0;
  return {
    actions: [
      { id: 'split', label: t('action'), icon: <SplitIcon aria-hidden />, disabled: none, run: () => setOpen(true) },
    ],
    dialog: open ? (
      <ChooseSplitDialog
        dataset={dataset}
        chosen={chosen}
        onClose={() => setOpen(false)}
        onDone={() => {
          setOpen(false);
          onDone();
        }}
      />
    ) : null,
  };
}
