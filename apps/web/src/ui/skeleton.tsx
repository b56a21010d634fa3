import { useTranslations } from 'next-intl';
import { classNames } from './class-names';

/** Holds the place of something that is being loaded, in its final size. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-breathe rounded-sm bg-pressed', className)} />;
}

/** Holds the place of a list. */
export function ListSkeleton() {
  const t = useTranslations('ui');
  return (
    <div role="status" aria-label={t('loading')} className="flex flex-col gap-3 pt-8">
      {[1, 2, 3, 4, 5].map((key) => (
        <Skeleton key={key} className="h-10 w-full" />
      ))}
    </div>
  );
}
