'use client';

import { useTranslations } from 'next-intl';
import { useState, type ReactNode } from 'react';
import { Dialog } from '@/ui/dialog';
import { Field, TextArea } from '@/ui/field';
import { FormFooter } from '@/ui/form-footer';
import { formText } from '@/ui/form-text';

/** Asks why, and does not go on without an answer. Ctrl/⌘ Enter sends. */
export function ReasonDialog({
  title,
  description,
  label,
  submit,
  danger = false,
  busy,
  onSubmit,
  onClose,
}: {
  title: ReactNode;
  description?: ReactNode;
  label: ReactNode;
  submit: ReactNode;
  danger?: boolean;
  busy: boolean;
  onSubmit: (reason: string) => void;
  onClose: () => void;
}) {
  const t = useTranslations('review');
  const [missing, setMissing] = useState(false);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={title}
      description={description}
      width="sm"
      footer={
        <FormFooter
          form="reason"
          submit={submit}
          variant={danger ? 'danger' : 'primary'}
          busy={busy}
          onCancel={onClose}
        />
      }
    >
      <form
        id="reason"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const reason = formText(new FormData(event.currentTarget), 'reason').trim();
          setMissing(!reason);
          if (reason && !busy) onSubmit(reason);
        }}
      >
        <Field label={label} error={missing ? t('reason_missing') : undefined}>
          <TextArea
            name="reason"
            autoFocus
            required
            maxLength={2_000}
            rows={3}
            onChange={() => setMissing(false)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
            }}
          />
        </Field>
      </form>
    </Dialog>
  );
}
