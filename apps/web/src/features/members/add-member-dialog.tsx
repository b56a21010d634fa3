'use client';

import type { Dataset, InvitationSent, UserSummary } from '@labelyard/contract';
import { grantableRoles, type Role } from '@labelyard/domain';
import { useMutation } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { InvitationLink } from '@/features/invitations/invitation-link';
import { usePeopleProblem } from '@/features/people/people-problem';
import { PersonName } from '@/features/people/person-name';
import { Button } from '@/ui/button';
import { RadioGroup } from '@/ui/choice';
import { Dialog } from '@/ui/dialog';
import { FormFooter } from '@/ui/form-footer';
import { Field, TextArea } from '@/ui/field';
import { Select } from '@/ui/select';
import { toast } from '@/ui/toast-store';
import { PersonSearch, type Picked } from './person-search';
import { useMemberActions } from './use-member-actions';

const FORM_ID = 'add-member';

/** Adds somebody who is here, or invites them, or anybody with an e-mail address. */
export function AddMemberDialog({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const t = useTranslations('people.members.adding');
  const ui = useTranslations('ui');
  const roles = useTranslations('roles');
  const hints = useTranslations('members.roles');
  const problem = usePeopleProblem();
  const { refresh } = useMemberActions(dataset);
  const [picked, setPicked] = useState<Picked | null>(null);
  const [role, setRole] = useState<Role>('annotator');
  const [way, setWay] = useState<'add' | 'invite'>('add');
  const [message, setMessage] = useState('');
  const inviting = picked?.person === null || way === 'invite';

  const send = useMutation({
    mutationFn: async (to: Picked): Promise<InvitationSent | null> => {
      const { project_id } = dataset;
      if (!inviting && to.person) {
        await api('members.add', { params: { project_id }, body: { user_id: to.person.id, role } });
        return null;
      }
      const whom = to.person ? { user_id: to.person.id } : { email: to.email };
      return api('invitations.create', { body: { project_id, role, message: message || undefined, ...whom } });
    },
    onSuccess: (sent, to) => {
      void refresh();
      if (sent) return;
      toast.success(t('added', { name: to.person?.full_name ?? to.email }));
      onClose();
    },
  });
  const sent = send.data;

  if (sent)
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        title={t('invited')}
        footer={
          <Button variant="primary" onClick={onClose}>
            {ui('done')}
          </Button>
        }
      >
        <InvitationLink sent={sent} />
      </Dialog>
    );

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !send.isPending && onClose()}
      title={t('title')}
      description={t('explain')}
      footer={
        <FormFooter
          form={FORM_ID}
          submit={t(inviting ? 'submit_invite' : 'submit_add')}
          busy={send.isPending}
          disabled={!picked}
          onCancel={onClose}
        />
      }
    >
      <form
        id={FORM_ID}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (picked) send.mutate(picked);
        }}
      >
        {picked ? (
          <Chosen
            picked={picked}
            onChange={() => {
              send.reset();
              setPicked(null);
            }}
          />
        ) : (
          <PersonSearch onPick={setPicked} />
        )}
        {picked ? (
          <>
            <Field label={t('role')} hint={hints(role)}>
              <Select
                value={role}
                onChange={setRole}
                options={grantableRoles(dataset.role).map((value) => ({ value, label: roles(value) }))}
              />
            </Field>
            {picked.person ? (
              <RadioGroup
                legend={t('way')}
                value={way}
                onChange={setWay}
                options={[
                  { value: 'add', label: t('ways.add'), hint: t('ways.add_hint') },
                  { value: 'invite', label: t('ways.invite'), hint: t('ways.invite_hint') },
                ]}
              />
            ) : null}
            {inviting ? (
              <Field label={t('message')} optional={ui('optional')}>
                <TextArea
                  value={message}
                  rows={2}
                  maxLength={1000}
                  className="min-h-16"
                  onChange={(event) => setMessage(event.target.value)}
                />
              </Field>
            ) : null}
          </>
        ) : null}
        {send.error ? (
          <p role="alert" className="text-sm text-danger">
            {problem(send.error)}
          </p>
        ) : null}
      </form>
    </Dialog>
  );
}

function Chosen({ picked, onChange }: { picked: Picked; onChange: () => void }) {
  const t = useTranslations('people.members.adding');
  const person: Pick<UserSummary, 'full_name' | 'email' | 'badge_color' | 'is_active'> = picked.person ?? {
    full_name: picked.email,
    email: picked.email,
    badge_color: null,
    is_active: true,
  };
  return (
    <div className="flex items-center justify-between gap-3 rounded-md border bg-surface px-3 py-2.5">
      <PersonName person={person} detail={picked.person ? undefined : t('by_email')} />
      <Button size="sm" onClick={onChange}>
        {t('change')}
      </Button>
    </div>
  );
}
