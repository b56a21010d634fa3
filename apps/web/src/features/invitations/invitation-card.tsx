'use client';

import type { InvitationPreview, Me } from '@labelyard/contract';
import { useRouter } from 'next/navigation';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { problemCode, usePeopleProblem } from '@/features/people/people-problem';
import { usePreferences } from '@/features/session/use-preferences';
import { Button } from '@/ui/button';
import { useInvitationActions } from './use-invitation-actions';

/** What the link of an invitation opens: who invites to what, and the answer, once it is known who answers. */
export function InvitationCard({
  preview,
  token,
  me,
}: {
  preview: InvitationPreview;
  token: string;
  /** Null: not signed in. */
  me: Pick<Me, 'email'> | null;
}) {
  const t = useTranslations('people.invitations');
  const roles = useTranslations('roles');
  const hints = useTranslations('members.roles');
  const problems = useTranslations('people.problems');
  const format = useFormatter();
  const router = useRouter();
  const problem = usePeopleProblem();
  const { logout } = usePreferences();
  const { accept, decline } = useInvitationActions();
  const { id, project_name, dataset_id, role, status, message, inviter_name } = preview;
  const inviter = inviter_name ?? t('somebody');
  const closed = status !== 'pending' ? status : project_name === null ? 'project_deleted' : null;
  const failed = accept.error ?? decline.error;
  const wrongPerson = problemCode(failed) === 'wrong_person';
  const here = `/login?next=${encodeURIComponent(`/invitations/${token}`)}`;
  if (decline.isSuccess)
    return (
      <Frame title={t('declined_title')}>
        <p className="text-muted">{t('declined_text', { inviter })}</p>
      </Frame>
    );
  return (
    <Frame title={t('page_title', { name: project_name ?? t('project_gone') })}>
      <p className="text-muted">{t('page_text', { inviter, role: roles(role) })}</p>
      {message ? <blockquote className="whitespace-pre-wrap border-l-2 pl-3">{message}</blockquote> : null}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-2 border-y py-4 text-md">
        <dt className="text-muted">{t('for')}</dt>
        <dd className="break-words">{preview.invitee_email}</dd>
        <dt className="text-muted">{t('role')}</dt>
        <dd>
          {roles(role)}
          <span className="block text-sm text-muted">{hints(role)}</span>
        </dd>
        <dt className="text-muted">{t('valid_until')}</dt>
        <dd>{format.dateTime(new Date(preview.expires_at), { dateStyle: 'long', timeStyle: 'short' })}</dd>
      </dl>
      {closed ? (
        <p role="status" className="font-medium">
          {problems(closed)}
        </p>
      ) : null}
      {failed ? (
        <p role="alert" className="text-danger">
          {problem(failed)}
        </p>
      ) : null}
      {me ? <p className="text-sm text-muted">{t('signed_in_as', { email: me.email })}</p> : null}
      <div className="flex flex-wrap gap-2">
        {closed ? (
          <Button asChild>
            <Link href={closed === 'accepted' && dataset_id ? `/datasets/${dataset_id}` : '/datasets'}>
              {t(closed === 'accepted' ? 'open' : 'to_datasets')}
            </Link>
          </Button>
        ) : !me ? (
          <Button asChild variant="primary" size="lg">
            <Link href={here}>{t('sign_in')}</Link>
          </Button>
        ) : wrongPerson ? (
          <Button onClick={() => void logout(here)}>{t('switch_person')}</Button>
        ) : (
          <>
            <Button
              variant="primary"
              size="lg"
              busy={accept.isPending || accept.isSuccess}
              disabled={decline.isPending}
              onClick={() => accept.mutate({ id, token }, { onSuccess: () => router.push(`/datasets/${dataset_id}`) })}
            >
              {t('accept')}
            </Button>
            <Button
              size="lg"
              busy={decline.isPending}
              disabled={accept.isPending}
              onClick={() => decline.mutate({ id, token })}
            >
              {t('decline')}
            </Button>
          </>
        )}
      </div>
    </Frame>
  );
}

function Frame({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section className="flex flex-col gap-5 rounded-lg border bg-surface p-6 sm:p-8">
      <h1 className="break-words text-2xl font-semibold">{title}</h1>
      {children}
    </section>
  );
}
