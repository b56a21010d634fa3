import { classNames } from './class-names';

/** How far something is; `value` from 0 to 1, or null while that is not known. */
export function Progress({
  label,
  value,
  tone = 'accent',
  className,
}: {
  label: string;
  value: number | null;
  tone?: 'accent' | 'success' | 'danger' | 'muted';
  className?: string;
}) {
  const percent = value === null ? null : Math.round(Math.min(1, Math.max(0, value)) * 1000) / 10;
  const fill = {
    accent: 'bg-accent',
    success: 'bg-status-completed',
    danger: 'bg-status-rejected',
    muted: 'bg-control',
  };
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      className={classNames('h-1.5 w-full overflow-hidden rounded-full bg-pressed', className)}
    >
      <div
        className={classNames(
          'h-full origin-left rounded-full transition-transform',
          fill[tone],
          percent === null && 'animate-breathe',
        )}
        style={{ transform: `scaleX(${percent === null ? 1 : percent / 100})` }}
      />
    </div>
  );
}

export interface ScalePart {
  key: string;
  value: number;
  /** A CSS colour. */
  color: string;
  label: string;
}

/** Parts of a whole along a measuring scale: a bar above ten ticks. The words are read out instead of the picture. */
export function Scale({
  label,
  parts,
  ticks = true,
  className,
}: {
  label: string;
  parts: readonly ScalePart[];
  ticks?: boolean;
  className?: string;
}) {
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  return (
    <div role="img" aria-label={label} className={className}>
      <div className="flex h-1.5 gap-px overflow-hidden rounded-sm bg-pressed">
        {total > 0 &&
          parts
            .filter((part) => part.value > 0)
            .map((part) => (
              <div key={part.key} style={{ flexGrow: part.value, background: part.color }} className="min-w-0.5" />
            ))}
      </div>
      {ticks ? <div className="scale-ticks mt-1 h-1.5" /> : null}
    </div>
  );
}
