import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names';

const VARIANTS = {
  primary:
    'bg-accent text-on-accent border-accent-line hover:bg-accent-hover data-disabled:bg-sunken data-disabled:text-faint data-disabled:border-line',
  secondary:
    'bg-surface text-text border-line-strong hover:bg-hover data-disabled:text-faint data-disabled:border-line',
  ghost: 'border-transparent text-muted hover:bg-hover hover:text-text data-disabled:text-faint',
  danger:
    'bg-danger text-on-danger border-danger hover:bg-danger-hover data-disabled:bg-sunken data-disabled:text-faint data-disabled:border-line',
} as const;

const SIZES = {
  sm: 'h-7 px-2.5 text-sm gap-1.5',
  md: 'h-8.5 px-3.5 text-md gap-2',
  lg: 'h-10 px-5 text-md gap-2',
} as const;

export interface ButtonProps extends ComponentProps<'button'> {
  variant?: keyof typeof VARIANTS;
  size?: keyof typeof SIZES;
  icon?: ReactNode;
  /** Work is under way: keeps its width, shows a spinner and cannot be pressed again. */
  busy?: boolean;
  /** Renders its child (a link) as a button. */
  asChild?: boolean;
}

/** A push button. Disabled buttons stay focusable for nobody; say beside them why they are disabled. */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  busy = false,
  asChild = false,
  disabled,
  className,
  children,
  ...props
}: ButtonProps) {
  const Root = asChild ? Slot.Root : 'button';
  const inactive = disabled === true || busy;
  return (
    <Root
      type={asChild ? undefined : 'button'}
      disabled={asChild ? undefined : inactive}
      aria-busy={busy || undefined}
      data-disabled={inactive ? '' : undefined}
      className={classNames(
        'inline-flex shrink-0 select-none items-center justify-center whitespace-nowrap rounded-md border font-medium transition-colors',
        '[&_svg]:size-4 [&_svg]:shrink-0',
        VARIANTS[variant],
        SIZES[size],
        className,
      )}
      {...props}
    >
      {busy ? <LoaderCircle aria-hidden className="animate-turn" /> : icon}
      <Slot.Slottable>{children}</Slot.Slottable>
    </Root>
  );
}
