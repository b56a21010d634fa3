import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './button';

/** What can be done with what is selected. */
export interface SelectionAction {
  readonly id: string;
  readonly label: ReactNode;
  readonly icon?: ReactNode;
  readonly variant?: ButtonProps['variant'];
  readonly disabled?: boolean;
  readonly busy?: boolean;
  readonly run: () => void;
}

/** Stays in sight above a list while something of it is selected: how much, what to do with it, and the way out. */
export function SelectionBar({
  label,
  count,
  more,
  problem,
  actions,
  onStop,
}: {
  /** Its name for screen readers. */
  label: string;
  /** How much is selected, in words. */
  count: ReactNode;
  /** Ways to select more. */
  more?: ReactNode;
  /** Why some actions cannot be done with so much. */
  problem?: ReactNode;
  actions: readonly SelectionAction[];
  onStop: () => void;
}) {
  const t = useTranslations('selection');
  return (
    <div
      role="toolbar"
      aria-label={label}
      data-testid="selection-bar"
      className="sticky top-13 z-20 -mx-1 mb-2 flex flex-wrap items-center gap-2 border-b bg-bg px-1 py-2"
    >
      <p role="status" className="tabular text-sm font-medium">
        {count}
      </p>
      <div className="mr-auto flex flex-wrap items-center gap-1">{more}</div>
      {actions.map(({ id, label: words, icon, variant, disabled, busy, run }) => (
        <Button key={id} size="sm" variant={variant} icon={icon} disabled={disabled} busy={busy} onClick={run}>
          {words}
        </Button>
      ))}
      <Button size="sm" variant="ghost" icon={<X aria-hidden />} onClick={onStop}>
        {t('stop')}
      </Button>
      {problem ? (
        <p role="alert" className="w-full text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
