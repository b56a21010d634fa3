'use client';

import type { Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import type { ChosenImages } from '@/features/images/chosen-images';
import type { SelectionAction } from '@/ui/selection-bar';
import { DeleteImagesDialog } from './delete-images-dialog';

/** Deleting selected images, for those who may. */
export function useImageDeletion(
  dataset: Dataset,
  chosen: ChosenImages,
  onDone: () => void,
): { actions: readonly SelectionAction[]; dialog: ReactNode } {
  const t = useTranslations('deletion');
  // As it was when it was asked for: what is deleted leaves the selection before the answer is there.
  const [asked, setAsked] = useState<ChosenImages | null>(null);
  if (!can(dataset.role, 'image.delete')) return { actions: [], dialog: null };
  const none = 'image_ids' in chosen && chosen.image_ids.length === 0;
  return {
    actions: [
      { id: 'delete', label: t('action'), icon: <Trash2 aria-hidden />, disabled: none, run: () => setAsked(chosen) },
    ],
    dialog: asked ? (
      <DeleteImagesDialog
        dataset={dataset}
        chosen={asked}
        onClose={() => setAsked(null)}
        onDone={() => {
          setAsked(null);
          onDone();
        }}
      />
    ) : null,
  };
}
