'use client';

import type { Invitation } from '@labelyard/contract';
import { useRouter } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { toast } from '@/ui/toast-store';
import { STATUS_TONES } from './sent-invitation';
import { useInvitationActions } from './use-invitation-actions';

/** An invitation as the person invited sees it. */
export function ReceivedInvitation({ invitation }: { invitation: Invitation }) {
  const t = useTranslations('people.invitations');
  const roles = useTranslations('roles');
  const format = useFormatter();
  const router = useRouter();
  const problem = usePeopleProblem();
  const { accept, decline } = useInvitationActions();
  const { id, status, project, inviter, inviter_id, role, message } = invitation;
  const name = project?.name ?? t('project_gone');
  const complain = (error: unknown) => void toast.error(problem(error));
  const open = status === 'pending' && project !== null;
  const join = () =>
    accept.mutate(
      { id },
      {
        onError: complain,
        onSuccess: () => {
          toast.success(t('joined', { name }));
          router.push(`/datasets/${project?.dataset_id}`);
        },
      },
    );
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-3 border-b py-4">
      <div className="min-w-0 flex-1 basis-72">
        <p className="flex flex-wrap items-center gap-2">
          <span className="break-words font-medium">{name}</span>
          <Badge>{roles(role)}</Badge>
          {status === 'pending' ? null : <Badge tone={STATUS_TONES[status]}>{t(`status.${status}`)}</Badge>}
        </p>
        <PersonName
          person={inviter}
          id={inviter_id}
          className="mt-2"
          detail={
            status === 'pending'
              ? t('until', { date: format.dateTime(new Date(invitation.expires_at), { dateStyle: 'medium' }) })
              : format.dateTime(new Date(invitation.created_at), { dateStyle: 'medium' })
          }
        />
        {message ? (
          <blockquote className="mt-2 whitespace-pre-wrap border-l-2 pl-3 text-muted">{message}</blockquote>
        ) : null}
      </div>
      {open ? (
        <div className="flex gap-2">
          <Button
            variant="primary"
            busy={accept.isPending || accept.isSuccess}
            disabled={decline.isPending}
            aria-label={t('accept_for', { name })}
            onClick={join}
          >
            {t('accept')}
          </Button>
          <Button
            busy={decline.isPending}
            disabled={accept.isPending}
            aria-label={t('decline_for', { name })}
            onClick={() => decline.mutate({ id }, { onError: complain })}
          >
            {t('decline')}
          </Button>
        </div>
      ) : null}
    </li>
  );
}
