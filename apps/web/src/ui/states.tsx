import { RotateCw, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from './button';
import { classNames } from './class-names';

/** Nothing here yet: says why and what to do. */
export function EmptyState({
  icon,
  title,
  children,
  action,
  as: Heading = 'h2',
  className,
}: {
  icon?: ReactNode;
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  /** Level of the title: `h1` where it is the whole page. */
  as?: 'h1' | 'h2';
  className?: string;
}) {
  return (
    <div className={classNames('flex flex-col items-center gap-3 px-6 py-16 text-center', className)}>
      {icon ? (
        <div className="relative mb-1 flex size-14 items-center justify-center text-faint [&>svg]:size-6">
          <span aria-hidden className="absolute left-0 top-0 size-3 border-l-2 border-t-2 border-line-strong" />
          <span aria-hidden className="absolute right-0 top-0 size-3 border-r-2 border-t-2 border-line-strong" />
          <span aria-hidden className="absolute bottom-0 left-0 size-3 border-b-2 border-l-2 border-line-strong" />
          <span aria-hidden className="absolute bottom-0 right-0 size-3 border-b-2 border-r-2 border-line-strong" />
          {icon}
        </div>
      ) : null}
      <Heading className="text-lg font-semibold">{title}</Heading>
      {children ? <div className="max-w-md text-muted">{children}</div> : null}
      {action ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** Something could not be loaded: says what happened and offers to try again. */
export function ErrorState({
  title,
  detail,
  onRetry,
  className,
}: {
  title: ReactNode;
  detail?: ReactNode;
  onRetry?: () => void;
  className?: string;
}) {
  const t = useTranslations('ui');
  return (
    <div role="alert" className={classNames('flex flex-col items-center gap-3 px-6 py-16 text-center', className)}>
      <TriangleAlert aria-hidden className="size-7 text-danger" />
      <p className="text-lg font-semibold">{title}</p>
      {detail ? <p className="max-w-md text-muted">{detail}</p> : null}
      {onRetry ? (
        <Button onClick={onRetry} icon={<RotateCw aria-hidden />} className="mt-1">
          {t('retry')}
        </Button>
      ) : null}
    </div>
  );
}
