'use client';

import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';
import { toast } from '@/ui/toast-store';
import { restoreImages, type Restored } from './deletion-queries';

/** Brings images back and says what came of it: names that were taken, labels whose class is gone. Lists follow by the news of it. */
export function useRestore(project_id: number) {
  const t = useTranslations('deletion');
  const types = useTranslations('task_types');
  const errorText = useErrorText();
  const detailOf = ({ renamed, lost }: Restored) => {
    const lines = lost.map(({ reason, class_name, task_type, count }) =>
      t(`lost.${reason}`, { count, name: reason === 'class_gone' ? (class_name ?? '') : types(task_type) }),
    );
    const [first] = renamed;
    if (first) lines.unshift(t('renamed', { count: renamed.length, name: first.to }));
    return lines.length > 0 ? lines.join(' ') : undefined;
  };
  return useMutation({
    mutationFn: (wanted: Parameters<typeof restoreImages>[1]) => restoreImages(project_id, wanted),
    onSuccess: (restored) => {
      const detail = detailOf(restored);
      if (restored.images === 0) toast.info(t('nothing_restored'));
      else toast.success(t('restored', { count: restored.images }), { detail, duration: detail ? 15_000 : undefined });
    },
    onError: (error) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
  });
}
