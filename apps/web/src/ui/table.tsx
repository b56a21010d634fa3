import type { ComponentProps } from 'react';
import { classNames } from './class-names';

/** A table that scrolls sideways inside itself when it must. `caption` names it for screen readers. */
export function Table({ caption, className, children, ...props }: ComponentProps<'table'> & { caption: string }) {
  return (
    <div className="overflow-x-auto">
      <table className={classNames('w-full border-collapse text-left text-md', className)} {...props}>
        <caption className="sr-only">{caption}</caption>
        {children}
      </table>
    </div>
  );
}

export function HeadCell({ className, ...props }: ComponentProps<'th'>) {
  return (
    <th
      scope="col"
      className={classNames(
        // A column may be narrow, but not so narrow that its name breaks within a word.
        'border-b px-3 py-2 text-xs font-medium text-muted md:wrap-normal first:pl-0 last:pr-0',
        className,
      )}
      {...props}
    />
  );
}

export function Cell({ className, ...props }: ComponentProps<'td'>) {
  return <td className={classNames('border-b px-3 py-2.5 align-middle first:pl-0 last:pr-0', className)} {...props} />;
}
