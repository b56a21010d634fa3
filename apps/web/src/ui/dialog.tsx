'use client';

import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Dialog as Primitive, VisuallyHidden } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { IconButton } from './icon-button';

const WIDTHS = { sm: 'sm:max-w-md', md: 'sm:max-w-xl', lg: 'sm:max-w-3xl', xl: 'sm:max-w-6xl' } as const;

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** Keeps the title for screen readers only. */
  titleHidden?: boolean;
  width?: keyof typeof WIDTHS;
  footer?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Asked for a click outside or Escape; `preventDefault` keeps it open. */
  onDismiss?: (event: Event) => void;
  /** The dialog is gone and gives the focus back; `preventDefault` leaves the focus where it is. */
  onClosed?: (event: Event) => void;
}

/** A modal dialog: traps focus, gives it back, closes on Escape. On narrow screens it rises from the bottom edge. */
export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  titleHidden = false,
  width = 'md',
  footer,
  children,
  className,
  onDismiss,
  onClosed,
}: DialogProps) {
  const t = useTranslations('ui');
  const heading = <Primitive.Title className="text-lg font-semibold">{title}</Primitive.Title>;
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 animate-appear bg-scrim" />
        <Primitive.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onEscapeKeyDown={onDismiss}
          onInteractOutside={onDismiss}
          onCloseAutoFocus={onClosed}
          // Where nothing asks for the focus the dialog itself takes it: on the close button, which comes first, its tooltip
          // would open, and the first Escape would close that instead.
          onOpenAutoFocus={(event) => {
            if (titleHidden) return;
            event.preventDefault();
            (event.currentTarget as HTMLElement).focus();
          }}
          className={classNames(
            'fixed inset-x-0 bottom-0 z-40 flex max-h-[92dvh] w-full animate-rise flex-col overflow-hidden rounded-t-lg bg-raised shadow-3 outline-none',
            'sm:inset-x-auto sm:bottom-auto sm:left-1/2 sm:top-[max(5vh,1rem)] sm:max-h-[90dvh] sm:-translate-x-1/2 sm:rounded-lg',
            WIDTHS[width],
            className,
          )}
        >
          {titleHidden ? (
            <VisuallyHidden.Root>{heading}</VisuallyHidden.Root>
          ) : (
            <header className="flex items-start gap-4 px-5 pb-1 pt-4">
              <div className="min-w-0 flex-1">
                {heading}
                {description ? (
                  <Primitive.Description className="mt-0.5 text-sm text-muted">{description}</Primitive.Description>
                ) : null}
              </div>
              <Primitive.Close asChild>
                <IconButton label={t('close')} size="sm" className="-mr-1.5 -mt-0.5">
                  <X aria-hidden />
                </IconButton>
              </Primitive.Close>
            </header>
          )}
          {/* Scrolls by keyboard too, also where nothing in it can be focused. */}
          <div tabIndex={0} className={classNames('min-h-0 flex-1 overflow-y-auto', !titleHidden && 'px-5 py-4')}>
            {children}
          </div>
          {footer ? (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t px-5 py-3">{footer}</footer>
          ) : null}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
