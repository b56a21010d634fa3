import { classNames } from './class-names';

/** Keys of a shortcut, separated by spaces: "Ctrl K". */
export function Kbd({
  keys,
  tone = 'plain',
  className,
}: {
  keys: string;
  tone?: 'plain' | 'inverse';
  className?: string;
}) {
  return (
    <span className={classNames('inline-flex gap-0.5', className)}>
      {keys.split(' ').map((key) => (
        <kbd
          key={key}
          className={classNames(
            'inline-flex h-4.5 min-w-4.5 items-center justify-center rounded-sm border px-1 font-sans text-2xs font-medium',
            tone === 'plain' ? 'border-line-strong bg-sunken text-muted' : 'border-current/35 text-current',
          )}
        >
          {key}
        </kbd>
      ))}
    </span>
  );
}
