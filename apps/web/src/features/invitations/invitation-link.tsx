'use client';

import type { InvitationSent } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { CopyButton } from '@/ui/copy-button';
import { Field, Input } from '@/ui/field';

/** Address under which an invitation is answered. */
export function invitationUrl(token: string): string {
  return `${window.location.origin}/invitations/${token}`;
}

/** What the inviter has to know after sending: that an e-mail is on its way, or the link to pass on. */
export function InvitationLink({ sent }: { sent: InvitationSent }) {
  const t = useTranslations('people.invitations');
  if (!sent.token)
    return (
      <p role="status">{t(sent.emailed ? 'emailed' : 'link_shown_before', { email: sent.invitation.invitee_email })}</p>
    );
  const url = invitationUrl(sent.token);
  return (
    <div className="flex flex-col gap-3">
      <p role="status">{t('pass_on', { email: sent.invitation.invitee_email })}</p>
      <div className="flex items-end gap-2">
        <Field label={t('link')} hint={t('link_hint')} className="min-w-0 flex-1">
          <Input readOnly value={url} className="font-mono text-sm" onFocus={(event) => event.currentTarget.select()} />
        </Field>
        <div className="mb-6 shrink-0">
          <CopyButton text={url} label={t('copy_link')} />
        </div>
      </div>
    </div>
  );
}
