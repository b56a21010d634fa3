'use client';

import type { Dataset } from '@labelyard/contract';
import { can, type Action } from '@labelyard/domain';
import { useState, type ComponentType, type ReactNode } from 'react';
import type { SelectionAction } from '@/ui/selection-bar';
import type { ChosenImages } from './chosen-images';

/** What a dialog about chosen images is told. */
export interface ChosenImagesDialogProps {
  readonly dataset: Dataset;
  readonly chosen: ChosenImages;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** An action on chosen images that asks in a dialog first; none for those who may not do it. */
export function useAskingAction({
  dataset,
  chosen,
  may,
  action,
  Dialog,
  onDone,
}: {
  dataset: Dataset;
  chosen: ChosenImages;
  may: Action;
  action: Pick<SelectionAction, 'id' | 'label' | 'icon'>;
  Dialog: ComponentType<ChosenImagesDialogProps>;
  onDone: () => void;
}): { actions: readonly SelectionAction[]; dialog: ReactNode } {
  // As they were when it was asked for: what is deleted, or fits the filter no more, leaves the selection before the answer is there.
  const [asked, setAsked] = useState<ChosenImages | null>(null);
  if (!can(dataset.role, may)) return { actions: [], dialog: null };
  const none = 'image_ids' in chosen && chosen.image_ids.length === 0;
  return {
    actions: [{ ...action, disabled: none, run: () => setAsked(chosen) }],
    dialog: asked ? (
      <Dialog
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
