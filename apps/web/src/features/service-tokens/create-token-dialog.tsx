'use client';

import { TOKEN_SCOPE_NAMES, type TokenScope } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/choice';
import { Dialog } from '@/ui/dialog';
import { FormFooter } from '@/ui/form-footer';
import { Field, Input } from '@/ui/field';
import { Select } from '@/ui/select';
import { SecretOnce } from './secret-once';

const FORM_ID = 'create-token';
const LIFETIMES = ['30', '90', '180', '365'] as const;

/** Asks for name, scopes and end, and then shows the secret. */
export function CreateTokenDialog({ projectId, onClose }: { projectId: number | null; onClose: () => void }) {
  const t = useTranslations('service_tokens');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly TokenScope[]>(['projects:read']);
  const [days, setDays] = useState<(typeof LIFETIMES)[number]>('90');
  const [tried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), scopes: [...scopes], expires_in_days: Number(days) };
      return projectId === null
        ? api('admin.create_service_token', { body })
        : api('service_tokens.create', { params: { project_id: projectId }, body });
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: queryKeys.serviceTokens(projectId) }),
  });
  const secret = create.data?.secret;
  const problem = create.error ? errorText(create.error) : null;
  if (secret)
    return (
      <Dialog
        open
        onOpenChange={(open) => !open && onClose()}
        // A click beside the dialog must not lose the secret.
        onDismiss={(event) => event.preventDefault()}
        title={t('secret.title', { name: create.data?.name ?? '' })}
        footer={
          <Button variant="primary" onClick={onClose}>
            {ui('done')}
          </Button>
        }
      >
        <SecretOnce secret={secret} />
      </Dialog>
    );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !create.isPending && onClose()}
      title={t('create')}
      description={t(projectId === null ? 'explain_all' : 'explain')}
      footer={<FormFooter form={FORM_ID} submit={t('create')} busy={create.isPending} onCancel={onClose} />}
    >
      <form
        id={FORM_ID}
        noValidate
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (name.trim() && scopes.length > 0) create.mutate();
        }}
      >
        <Field label={t('name')} hint={t('name_hint')} error={tried && !name.trim() ? t('name_missing') : undefined}>
          <Input value={name} maxLength={100} autoFocus onChange={(event) => setName(event.target.value)} />
        </Field>
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1.5 text-sm font-medium">{t('scopes')}</legend>
          {TOKEN_SCOPE_NAMES.map((scope) => (
            <Checkbox
              key={scope}
              label={t(`scope.${scopeKey(scope)}`)}
              hint={scope}
              checked={scopes.includes(scope)}
              onChange={(checked) =>
                setScopes(checked ? [...scopes, scope] : scopes.filter((chosen) => chosen !== scope))
              }
            />
          ))}
          {tried && scopes.length === 0 ? (
            <p role="alert" className="text-sm text-danger">
              {t('scopes_missing')}
            </p>
          ) : null}
        </fieldset>
        <Field label={t('lifetime')}>
          <Select
            value={days}
            onChange={setDays}
            options={LIFETIMES.map((value) => ({ value, label: t('days', { count: Number(value) }) }))}
          />
        </Field>
        {problem ? (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
            {problem.title}. {problem.detail}
          </p>
        ) : null}
      </form>
    </Dialog>
  );
}

type Spelled<Scope extends string> = Scope extends `${infer What}:${infer How}` ? `${What}_${How}` : never;

function scopeKey(scope: TokenScope): Spelled<TokenScope> {
  return scope.replace(':', '_') as Spelled<TokenScope>;
}
