import type { ReviewAnswer, ReviewItem } from '@labelyard/contract';
import type { ReviewDecision } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { toast } from '@/ui/toast-store';

/** Verifies or rejects images of the queue, and says what came of it. */
export function useReview(projectId: number) {
  const t = useTranslations('review');
  const queries = useQueryClient();
  const errorText = useErrorText();
  return useMutation({
    mutationFn: ({
      decision,
      items,
      comment,
    }: {
      decision: ReviewDecision;
      items: readonly ReviewItem[];
      comment?: string;
    }): Promise<ReviewAnswer> =>
      api('review.decide', {
        params: { project_id: projectId },
        body: {
          decision,
          comment,
          images: items.map(({ image, task_type, confirmed_at }) => ({ image_id: image.id, task_type, confirmed_at })),
        },
      }),
    onSuccess: ({ images, skipped }, { decision }) => {
      if (images > 0) toast.success(t(`done.${decision}`, { count: images }));
      if (skipped.length > 0) toast.info(t('skipped', { count: skipped.length }));
    },
    onError: (error) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
    onSettled: () =>
      Promise.all(
        [
          queryKeys.review(projectId),
          queryKeys.images(projectId),
          queryKeys.comments(projectId),
          queryKeys.tasks(projectId),
        ].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

/** Most images judged in one request. */
export const MOST_AT_ONCE = 500;
