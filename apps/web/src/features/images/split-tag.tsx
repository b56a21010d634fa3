import type { Split } from '@labelyard/domain';
import { useTranslations } from 'next-intl';

/** On a picture: the part of training it was put into. */
export function SplitTag({ split }: { split: Split | null }) {
  const t = useTranslations('splits');
  if (!split) return null;
  return (
    <span className="pointer-events-none absolute bottom-1.5 left-1.5 rounded-sm border bg-surface px-1.5 text-xs text-text">
      {t(split)}
    </span>
  );
}
