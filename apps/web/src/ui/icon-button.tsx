import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { classNames } from './class-names';
import { Tooltip } from './tooltip';

const SIZES = { sm: 'size-7', md: 'size-8.5' } as const;

export interface IconButtonProps extends ComponentProps<'button'> {
  /** Its name for screen readers and its tooltip. */
  label: string;
  /** Shortcut shown in the tooltip, e.g. "Ctrl K". */
  shortcut?: string;
  size?: keyof typeof SIZES;
  /** On/off buttons: whether it is on. */
  pressed?: boolean;
  asChild?: boolean;
  side?: 'top' | 'bottom' | 'left' | 'right';
}

/** A button that is only an icon: always named, always with a tooltip. */
export function IconButton({
  label,
  shortcut,
  size = 'md',
  pressed,
  asChild = false,
  side,
  className,
  ...props
}: IconButtonProps) {
  const Root = asChild ? Slot.Root : 'button';
  return (
    <Tooltip label={label} shortcut={shortcut} side={side}>
      <Root
        type={asChild ? undefined : 'button'}
        aria-label={label}
        aria-pressed={pressed}
        className={classNames(
          'inline-flex shrink-0 items-center justify-center rounded-md text-muted transition-colors',
          'hover:bg-hover hover:text-text disabled:text-faint disabled:opacity-60 disabled:hover:bg-transparent',
          'aria-pressed:bg-accent-soft aria-pressed:text-accent-text [&_svg]:size-4.5',
          SIZES[size],
          className,
        )}
        {...props}
      />
    </Tooltip>
  );
}
