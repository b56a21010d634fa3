'use client';

import type { ProjectImage } from '@labelyard/contract';
import type { ImageStatus, ReviewDecision, TaskType } from '@labelyard/domain';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useCallback, useState } from 'react';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { toast } from '@/ui/toast-store';
import { useSession } from '../session/use-session';

interface Reviewing {
  readonly project_id: number;
  readonly image: ProjectImage | null;
  readonly task_type: TaskType;
  readonly patch: (image_id: number, fields: Partial<ProjectImage>) => void;
  /** Goes on after a verdict on the image; null at the end of the list. */
  readonly next: (() => void) | null;
}

/** Verdicts on the open image or on labels of it: saves first, tells why when it cannot, shows what came of it. */
export function useReviewing({ project_id, image, task_type, patch, next }: Reviewing) {
  const t = useTranslations('review');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const session = useSession();
  const [busy, setBusy] = useState(false);

  /** `labels`: only these; the whole image when empty. True when it was done. */
  const decide = useCallback(
    async (
      decision: ReviewDecision,
      labels: readonly { annotation_id: number; version: number }[],
      comment?: string,
    ) => {
      if (!image || busy) return false;
      setBusy(true);
      try {
        const answer = await session.review({
          decision,
          comment,
          images: labels.length > 0 ? [] : [{ image_id: image.id, task_type }],
          annotations: [...labels],
        });
        if (!answer) {
          toast.error(t('unsaved'));
          return false;
        }
        void queries.invalidateQueries({ queryKey: queryKeys.comments(project_id) });
        if (answer.images + answer.annotations === 0) {
          toast.info(t('changed_meanwhile'));
          return false;
        }
        const status = statusAfter(decision, labels.length > 0, image.statuses[task_type], session.editor.shapes);
        patch(image.id, { status, statuses: { ...image.statuses, [task_type]: status } });
        // Whoever went on to another image meanwhile is not fetched away from it.
        if (labels.length > 0 || !session.isOpen(image.id)) return true;
        if (next) next();
        else toast.success(t('last_image'));
        return true;
      } catch (error) {
        const { title, detail } = errorText(error);
        toast.error(title, { detail });
        return false;
      } finally {
        setBusy(false);
      }
    },
    [image, busy, session, task_type, patch, next, t, queries, project_id, errorText],
  );

  return { busy, decide };
}

function statusAfter(
  decision: ReviewDecision,
  partly: boolean,
  before: ImageStatus | undefined,
  shapes: readonly { state: string }[],
): ImageStatus {
  if (decision === 'reject') return 'rejected';
  if (!partly) return 'reviewed';
  return shapes.every(({ state }) => state === 'verified') ? 'reviewed' : (before ?? 'completed');
}
