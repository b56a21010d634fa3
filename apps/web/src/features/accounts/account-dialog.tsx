'use client';

import type { Account } from '@labelyard/contract';
import { SYSTEM_ROLES, type SystemRole } from '@labelyard/domain';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import { api } from '@/api';
import { problemCode, usePeopleProblem } from '@/features/people/people-problem';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { FormFooter } from '@/ui/form-footer';
import { formText } from '@/ui/form-text';
import { Select } from '@/ui/select';
import { toast } from '@/ui/toast-store';
import { organizationsQuery } from './account-queries';
import { OneTimePassword } from './one-time-password';

const FORM_ID = 'account';

/** Adds a person, or changes one. */
export function AccountDialog({ account, onClose }: { account: Account | null; onClose: () => void }) {
  const t = useTranslations('people.accounts');
  const ui = useTranslations('ui');
  const systemRoles = useTranslations('people.system_roles');
  const problem = usePeopleProblem();
  const queries = useQueryClient();
  const listId = useId();
  const organizations = useQuery(organizationsQuery()).data?.items ?? [];
  const [role, setRole] = useState<SystemRole>(account?.system_role ?? 'standard_engineer');
  const [missing, setMissing] = useState<'full_name' | 'email' | null>(null);

  const save = useMutation({
    mutationFn: async (body: { full_name: string; email: string; organization: string | null }) => {
      const values = { ...body, system_role: role };
      if (!account) return api('accounts.create', { body: values });
      return {
        account: await api('accounts.update', { params: { user_id: account.id }, body: values }),
        password: null,
      };
    },
    onSuccess: (saved) => {
      void queries.invalidateQueries({ queryKey: queryKeys.accounts() });
      void queries.invalidateQueries({ queryKey: queryKeys.organizations });
      if (!account) return;
      toast.success(t('saved', { name: saved.account.full_name }));
      onClose();
    },
  });
  const aboutEmail = problemCode(save.error) === 'email_taken' || problemCode(save.error) === 'invalid_format';
  const failure = save.error ? problem(save.error) : undefined;

  if (save.data && !account)
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        // It is shown only once: not lost by a click beside it.
        onDismiss={(event) => event.preventDefault()}
        title={t('added')}
        footer={
          <Button variant="primary" onClick={onClose}>
            {ui('done')}
          </Button>
        }
      >
        <OneTimePassword name={save.data.account.full_name} password={save.data.password} />
      </Dialog>
    );

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !save.isPending && onClose()}
      title={account ? t('edit_title', { name: account.full_name }) : t('add')}
      footer={
        <FormFooter form={FORM_ID} submit={account ? ui('save') : t('add')} busy={save.isPending} onCancel={onClose} />
      }
    >
      <form
        id={FORM_ID}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const full_name = formText(form, 'full_name').trim();
          const email = formText(form, 'email').trim();
          setMissing(!full_name ? 'full_name' : !email ? 'email' : null);
          if (!full_name || !email) return;
          save.mutate({ full_name, email, organization: formText(form, 'organization').trim() || null });
        }}
      >
        <Field label={t('full_name')} error={missing === 'full_name' ? t('name_missing') : undefined}>
          <Input name="full_name" defaultValue={account?.full_name} autoFocus maxLength={200} autoComplete="off" />
        </Field>
        <Field label={t('email')} error={missing === 'email' ? t('email_missing') : aboutEmail ? failure : undefined}>
          <Input
            name="email"
            type="email"
            defaultValue={account?.email}
            maxLength={320}
            autoComplete="off"
            inputMode="email"
          />
        </Field>
        <Field label={t('system_role')} hint={t(role === 'admin' ? 'admin_hint' : 'system_role_hint')}>
          <Select
            value={role}
            onChange={setRole}
            options={SYSTEM_ROLES.map((value) => ({ value, label: systemRoles(value) }))}
          />
        </Field>
        <Field label={t('organization')} optional={ui('optional')} hint={t('organization_hint')}>
          <Input
            name="organization"
            list={listId}
            defaultValue={account?.organization?.name}
            maxLength={255}
            autoComplete="off"
          />
        </Field>
        <datalist id={listId}>
          {organizations.map(({ id, name }) => (
            <option key={id} value={name} />
          ))}
        </datalist>
        {failure && !aboutEmail ? (
          <p role="alert" className="text-sm text-danger">
            {failure}
          </p>
        ) : null}
      </form>
    </Dialog>
  );
}
