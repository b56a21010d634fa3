'use client';

import type { Me } from '@labelyard/contract';
import { PASSWORD_MIN_LENGTH } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { problemCode, usePeopleProblem } from '@/features/people/people-problem';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Section } from '@/ui/card';
import { Field, Input } from '@/ui/field';
import { formText } from '@/ui/form-text';
import { toast } from '@/ui/toast-store';

/** One's own name and password. */
export function OwnAccount({ me }: { me: Me }) {
  const t = useTranslations('people.account');
  return (
    <div className="flex max-w-2xl flex-col gap-6 pt-8">
      <h1 className="text-2xl font-semibold">{t('title')}</h1>
      <NameForm me={me} />
      <PasswordForm email={me.email} />
    </div>
  );
}

function NameForm({ me }: { me: Me }) {
  const t = useTranslations('people.account');
  const ui = useTranslations('ui');
  const router = useRouter();
  const queries = useQueryClient();
  const problem = usePeopleProblem();
  const [name, setName] = useState(me.full_name);
  const save = useMutation({
    mutationFn: () => api('auth.update_me', { body: { full_name: name.trim() } }),
    onSuccess: (saved) => {
      queries.setQueryData(queryKeys.me, saved);
      toast.success(t('name_saved'));
      router.refresh();
    },
  });
  return (
    <Section title={t('name_title')} description={me.email}>
      <form
        noValidate
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) save.mutate();
        }}
      >
        <Field
          label={t('full_name')}
          className="min-w-0 flex-1 basis-64"
          error={!name.trim() ? t('name_missing') : save.error ? problem(save.error) : undefined}
        >
          <Input
            value={name}
            maxLength={200}
            autoComplete="name"
            onChange={(event) => {
              save.reset();
              setName(event.target.value);
            }}
          />
        </Field>
        <Button
          type="submit"
          variant="primary"
          busy={save.isPending}
          disabled={!name.trim() || name.trim() === me.full_name}
        >
          {ui('save')}
        </Button>
      </form>
    </Section>
  );
}

function PasswordForm({ email }: { email: string }) {
  const t = useTranslations('people.account');
  const problem = usePeopleProblem();
  const [trouble, setTrouble] = useState<'missing' | 'short' | 'different' | null>(null);
  const change = useMutation({
    mutationFn: (body: { old_password: string; new_password: string }) => api('auth.change_password', { body }),
    onSuccess: () => toast.success(t('password_saved')),
  });
  const wrongOld = problemCode(change.error) === 'wrong_password';
  return (
    <Section title={t('password_title')}>
      <form
        noValidate
        className="flex max-w-sm flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const element = event.currentTarget;
          const form = new FormData(element);
          const body = {
            old_password: formText(form, 'old_password'),
            new_password: formText(form, 'new_password'),
          };
          const found = !body.old_password
            ? 'missing'
            : body.new_password.length < PASSWORD_MIN_LENGTH
              ? 'short'
              : body.new_password !== formText(form, 'repeated')
                ? 'different'
                : null;
          setTrouble(found);
          if (!found) change.mutate(body, { onSuccess: () => element.reset() });
        }}
      >
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <Field
          label={t('old_password')}
          error={trouble === 'missing' ? t('old_missing') : wrongOld ? problem(change.error) : undefined}
        >
          <Input name="old_password" type="password" autoComplete="current-password" maxLength={1024} required />
        </Field>
        <Field
          label={t('new_password')}
          hint={t('password_hint', { count: PASSWORD_MIN_LENGTH })}
          error={trouble === 'short' ? t('too_short', { count: PASSWORD_MIN_LENGTH }) : undefined}
        >
          <Input name="new_password" type="password" autoComplete="new-password" maxLength={1024} required />
        </Field>
        <Field label={t('repeat_password')} error={trouble === 'different' ? t('different') : undefined}>
          <Input name="repeated" type="password" autoComplete="new-password" maxLength={1024} required />
        </Field>
        {change.error && !wrongOld ? (
          <p role="alert" className="text-sm text-danger">
            {problem(change.error)}
          </p>
        ) : null}
        <Button type="submit" variant="primary" busy={change.isPending} className="self-start">
          {t('change_password')}
        </Button>
      </form>
    </Section>
  );
}
