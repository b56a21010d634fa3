import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';

/** A surface that groups what belongs together. */
export function Card({ className, ...props }: ComponentProps<'section'>) {
  return <section className={classNames('rounded-lg border bg-surface', className)} {...props} />;
}

/** A titled part of a page: heading and explanation beside or above its content. */
export function Section({
  title,
  description,
  action,
  className,
  children,
}: {
  title: ReactNode;
  description?: ReactNode;
  action?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <Card className={className}>
      <header className="flex flex-wrap items-start justify-between gap-3 px-5 pt-4">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold">{title}</h2>
          {description ? <p className="mt-0.5 max-w-2xl text-sm text-muted">{description}</p> : null}
        </div>
        {action}
      </header>
      <div className="px-5 pb-5 pt-4">{children}</div>
    </Card>
  );
}
