'use client';

import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button } from './button';
import { Dialog } from './dialog';

/** Asks before something that cannot be taken back. `problem`: why it did not work. */
export function ConfirmDialog({
  title,
  description,
  children,
  confirm,
  cancel,
  busy,
  problem,
  onConfirm,
  onClose,
}: {
  title: ReactNode;
  description?: ReactNode;
  /** What will be, and what will not. */
  children: ReactNode;
  confirm: ReactNode;
  cancel?: ReactNode;
  busy: boolean;
  problem?: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('ui');
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={title}
      description={description}
      width="sm"
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            {cancel ?? t('cancel')}
          </Button>
          <Button variant="danger" busy={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    >
      {children}
      {problem ? (
        <p role="alert" className="mt-3 text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </Dialog>
  );
}
