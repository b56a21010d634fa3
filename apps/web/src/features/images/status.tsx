import type { ImageStatus } from '@labelyard/domain';
import { Check, CheckCheck, Circle, CircleDashed, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { classNames } from '@/ui/class-names';

/** Colour and shape of each status; never the colour alone. */
export const STATUS_LOOK: Readonly<Record<ImageStatus, { color: string; icon: ReactNode }>> = {
  not_started: { color: 'var(--status-not-started)', icon: <Circle aria-hidden /> },
  in_progress: { color: 'var(--status-in-progress)', icon: <CircleDashed aria-hidden /> },
  completed: { color: 'var(--status-completed)', icon: <Check aria-hidden /> },
  reviewed: { color: 'var(--status-reviewed)', icon: <CheckCheck aria-hidden /> },
  rejected: { color: 'var(--status-rejected)', icon: <CircleX aria-hidden /> },
};

/** A status in words with its mark. */
export function StatusLabel({ status, className }: { status: ImageStatus; className?: string }) {
  const t = useTranslations('image_status');
  return (
    <span className={classNames('inline-flex items-center gap-1.5 whitespace-nowrap [&_svg]:size-3.5', className)}>
      <span style={{ color: STATUS_LOOK[status].color }} className="contents">
        {STATUS_LOOK[status].icon}
      </span>
      {t(status)}
    </span>
  );
}
