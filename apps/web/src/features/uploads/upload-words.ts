import { useFormatter, useTranslations } from 'next-intl';
import { useFileSize } from '@/features/datasets/file-size';
import type { RunSnapshot } from './upload-snapshot';

/** Numbers and words about an upload, in the person's language. */
export function useUploadWords() {
  const t = useTranslations('uploads');
  const format = useFormatter();
  const fileSize = useFileSize();

  const duration = (seconds: number): string => {
    if (seconds < 60) return t('seconds', { count: Math.max(1, Math.ceil(seconds / 5) * 5) });
    if (seconds < 3_600) return t('minutes', { count: Math.ceil(seconds / 60) });
    return t('hours', { count: Math.ceil(seconds / 360) / 10 });
  };

  return {
    /** How many files are through, of how many. */
    counted: ({ items, counts }: RunSnapshot) =>
      t('counted', { done: format.number(counts.done + counts.skipped), total: format.number(items.length) }),
    bytes: ({ sent_bytes, total_bytes }: RunSnapshot) =>
      t('bytes', { sent: fileSize(sent_bytes), total: fileSize(total_bytes) }),
    /** What is happening, in a few words. */
    state: (upload: RunSnapshot): string => {
      const { phase, waiting, missing, seconds_left, bytes_per_second, counts } = upload;
      if (phase === 'stopped') return t(`stopped.${stopReason(upload)}`);
      if (phase === 'paused') return t('paused');
      if (phase === 'interrupted') return t('interrupted', { count: missing });
      if (phase === 'finished')
        return t('finished', { done: counts.done, skipped: counts.skipped, refused: counts.rejected + counts.failed });
      if (waiting) return t('waiting');
      if (seconds_left !== null && bytes_per_second !== null)
        return t('speed', { left: duration(seconds_left), speed: fileSize(bytes_per_second) });
      return t(counts.sent > 0 && counts.waiting + counts.announced === 0 ? 'checking' : 'starting');
    },
  };
}

function stopReason({ stopped_by }: RunSnapshot): 'unauthorized' | 'forbidden' | 'not_found' | 'other' {
  return stopped_by === 'unauthorized' || stopped_by === 'forbidden' || stopped_by === 'not_found'
    ? stopped_by
    : 'other';
}

/** Share of an upload that is through, from 0 to 1. */
export function uploadShare({ phase, sent_bytes, total_bytes }: RunSnapshot): number {
  if (phase === 'finished') return 1;
  return total_bytes === 0 ? 0 : sent_bytes / total_bytes;
}
