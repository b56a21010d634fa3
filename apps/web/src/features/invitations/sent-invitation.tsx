'use client';

import type { Invitation } from '@labelyard/contract';
import type { InvitationStatus } from '@labelyard/domain';
import { Link2, Send } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { Badge, type BadgeTone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { toast } from '@/ui/toast-store';
import { InvitationLink } from './invitation-link';
import { useInvitationActions } from './use-invitation-actions';

export const STATUS_TONES: Readonly<Record<InvitationStatus, BadgeTone>> = {
  pending: 'info',
  accepted: 'success',
  declined: 'danger',
  expired: 'warning',
  cancelled: 'neutral',
};

/** An invitation as its sender sees it: to whom, how it stands, and taking it back or sending it again. */
export function SentInvitation({ invitation, inPlace = true }: { invitation: Invitation; inPlace?: boolean }) {
  const t = useTranslations('people.invitations');
  const ui = useTranslations('ui');
  const roles = useTranslations('roles');
  const format = useFormatter();
  const problem = usePeopleProblem();
  const { cancel, renew } = useInvitationActions(invitation.project_id);
  const { id, status, role, invitee, invitee_email: email } = invitation;
  const complain = (error: unknown) => void toast.error(problem(error));
  const person = invitee ?? { full_name: email, email, badge_color: null, is_active: true };
  const place = inPlace ? null : (invitation.project?.name ?? t('project_gone'));
  const until = format.dateTime(new Date(invitation.expires_at), { dateStyle: 'medium' });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b py-3">
      <PersonName person={person} detail={place ?? (invitee ? email : null)} className="flex-1 basis-56" />
      <span className="flex flex-wrap items-center gap-2 text-sm text-muted">
        <span>{roles(role)}</span>
        <Badge tone={STATUS_TONES[status]}>{t(`status.${status}`)}</Badge>
        {status === 'pending' ? <span className="whitespace-nowrap">{t('until', { date: until })}</span> : null}
      </span>
      {status === 'pending' || status === 'expired' ? (
        <span className="flex gap-2">
          <Button
            size="sm"
            icon={status === 'pending' ? <Link2 aria-hidden /> : <Send aria-hidden />}
            busy={renew.isPending}
            aria-label={t('renew_for', { email })}
            onClick={() => renew.mutate({ id }, { onError: complain })}
          >
            {t('renew')}
          </Button>
          {status === 'pending' ? (
            <Button
              size="sm"
              busy={cancel.isPending}
              aria-label={t('cancel_for', { email })}
              onClick={() =>
                cancel.mutate({ id }, { onError: complain, onSuccess: () => void toast.success(t('cancelled')) })
              }
            >
              {t('cancel')}
            </Button>
          ) : null}
        </span>
      ) : null}
      <Dialog
        open={renew.isSuccess}
        onOpenChange={(open) => !open && renew.reset()}
        title={t('renewed')}
        footer={
          <Button variant="primary" onClick={() => renew.reset()}>
            {ui('done')}
          </Button>
        }
      >
        {renew.data ? <InvitationLink sent={renew.data} /> : null}
      </Dialog>
    </li>
  );
}
