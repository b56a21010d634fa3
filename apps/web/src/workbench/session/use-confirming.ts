'use client';

import type { ProjectImage } from '@labelyard/contract';
import type { ImageStatus, TaskType } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import { toast } from '@/ui/toast-store';
import { useSession } from './use-session';

interface Confirming {
  readonly image: ProjectImage | null;
  readonly task_type: TaskType;
  /** Shows the image's new status. */
  readonly patch: (image_id: number, fields: Partial<ProjectImage>) => void;
  /** Goes on after a confirmation; null at the end of the list. */
  readonly next: (() => void) | null;
}

/** Saying that an image is done, or that it is not: saves first, tells why when it cannot. */
export function useConfirming({ image, task_type, patch, next }: Confirming) {
  const t = useTranslations('workbench');
  const session = useSession();
  const [busy, setBusy] = useState(false);

  const setConfirmed = useCallback(
    async (confirmed: boolean) => {
      if (!image || busy || !session.isOpen(image.id) || !session.editor.mayLeave()) return;
      setBusy(true);
      try {
        const outcome = confirmed ? await session.confirm(task_type) : await session.unconfirm(task_type);
        if (outcome === 'unsaved') {
          toast.error(t('confirm_unsaved'), { detail: t('confirm_unsaved_detail') });
          return;
        }
        // Whoever went on to another image meanwhile is not fetched away from it.
        const stays = session.isOpen(image.id);
        const status = statusAfter(confirmed, stays ? session.editor.shapes.length : image.annotation_count);
        patch(image.id, { status, statuses: { ...image.statuses, [task_type]: status } });
        if (!confirmed || !stays) return;
        if (next) next();
        else if (outcome === 'waits') toast.info(t('last_image_waits'));
        else toast.success(t('last_image'));
      } catch (error) {
        toast.error(t('confirm_failed'), { detail: error instanceof Error ? error.message : undefined });
      } finally {
        setBusy(false);
      }
    },
    [image, busy, session, task_type, patch, next, t],
  );

  return { busy, setConfirmed };
}

function statusAfter(confirmed: boolean, annotation_count: number): ImageStatus {
  if (confirmed) return 'completed';
  return annotation_count > 0 ? 'in_progress' : 'not_started';
}
