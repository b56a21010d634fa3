import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './button';

/** What stands under the form of a dialog: the way out, and the button that sends it. */
export function FormFooter({
  form,
  submit,
  busy,
  disabled = false,
  variant = 'primary',
  onCancel,
}: {
  /** The form's id. */
  form: string;
  /** What the button says. */
  submit: ReactNode;
  /** It is being sent: there is no way out until the answer is here. */
  busy: boolean;
  disabled?: boolean;
  variant?: ButtonProps['variant'];
  onCancel: () => void;
}) {
  const t = useTranslations('ui');
  return (
    <>
      <Button onClick={onCancel} disabled={busy}>
        {t('cancel')}
      </Button>
      <Button type="submit" form={form} variant={variant} busy={busy} disabled={disabled}>
        {submit}
      </Button>
    </>
  );
}
