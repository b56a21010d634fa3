import { IMAGE_STATUSES, type ImageStatus } from '@labelyard/domain';
import { useFormatter, useTranslations } from 'next-intl';
import { Scale } from '@/ui/progress';
import { STATUS_LOOK } from './status';

/** Finished first, so that the bar fills from the left; what is not begun stays empty. */
const ORDER: readonly ImageStatus[] = ['reviewed', 'completed', 'in_progress', 'rejected', 'not_started'];
const FINISHED: readonly ImageStatus[] = ['completed', 'reviewed'];

export type StatusCounts = Partial<Readonly<Record<ImageStatus, number>>>;

/** The share of images that are completed or reviewed, from 0 to 1. */
export function finishedShare(counts: StatusCounts): number {
  const total = IMAGE_STATUSES.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
  return total === 0 ? 0 : FINISHED.reduce((sum, status) => sum + (counts[status] ?? 0), 0) / total;
}

/** How far a dataset is, as a measuring scale. */
export function ProgressScale({
  counts,
  ticks,
  className,
}: {
  counts: StatusCounts;
  ticks?: boolean;
  className?: string;
}) {
  const t = useTranslations('image_status');
  const format = useFormatter();
  const parts = ORDER.map((status) => ({
    key: status,
    value: counts[status] ?? 0,
    color: status === 'not_started' ? 'transparent' : STATUS_LOOK[status].color,
    label: t(status),
  }));
  const words = parts.filter((part) => part.value > 0).map((part) => `${part.label} ${format.number(part.value)}`);
  return <Scale label={words.join(', ') || t('none')} parts={parts} ticks={ticks} className={className} />;
}
