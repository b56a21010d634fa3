import { classNames } from '@/ui/class-names';

/** The mark: two edges of a box that is being drawn, with the ticks of a yardstick. Together they make an L. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden fill="none" className={classNames('size-6', className)}>
      <path d="M4 2v18h18" stroke="var(--accent)" strokeWidth="4" />
      <path d="M8 5h2.500M8 9.500h4M8 14h2.500" stroke="currentColor" strokeWidth="1.500" opacity="0.55" />
      <path d="M15.500 3H21v5.500" stroke="currentColor" strokeWidth="2" />
    </svg>
  );
}

/** `compact`: only the mark where there is hardly room for it. */
export function Logo({ name, compact = false }: { name: string; compact?: boolean }) {
  return (
    <span className="inline-flex items-center gap-2.5 text-text">
      <LogoMark />
      <span
        className={classNames(
          'whitespace-nowrap text-lg font-semibold tracking-tight',
          compact && 'max-[24rem]:sr-only',
        )}
      >
        {name}
      </span>
    </span>
  );
}
