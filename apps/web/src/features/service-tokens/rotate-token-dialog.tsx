'use client';

import type { ServiceToken } from '@labelyard/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Select } from '@/ui/select';
import { SecretOnce } from './secret-once';

const OVERLAPS = ['0', '1', '24', '168'] as const;

/** Another secret for a token; for how long does the present one go on? */
export function RotateTokenDialog({
  projectId,
  token,
  onClose,
}: {
  projectId: number | null;
  token: ServiceToken;
  onClose: () => void;
}) {
  const t = useTranslations('service_tokens');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [hours, setHours] = useState<(typeof OVERLAPS)[number]>('24');
  const rotate = useMutation({
    mutationFn: () => {
      const body = { overlap_hours: Number(hours) };
      const service_token_id = token.id;
      return projectId === null
        ? api('admin.rotate_service_token', { params: { service_token_id }, body })
        : api('service_tokens.rotate', { params: { project_id: projectId, service_token_id }, body });
    },
    onSuccess: () => void queries.invalidateQueries({ queryKey: queryKeys.serviceTokens(projectId) }),
  });
  const secret = rotate.data?.secret;
  const problem = rotate.error ? errorText(rotate.error) : null;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !rotate.isPending && onClose()}
      {...(secret ? { onDismiss: (event: Event) => event.preventDefault() } : {})}
      title={secret ? t('secret.title', { name: token.name }) : t('rotate_title', { name: token.name })}
      footer={
        secret ? (
          <Button variant="primary" onClick={onClose}>
            {ui('done')}
          </Button>
        ) : (
          <>
            <Button onClick={onClose} disabled={rotate.isPending}>
              {ui('cancel')}
            </Button>
            <Button variant="primary" busy={rotate.isPending} onClick={() => rotate.mutate()}>
              {t('rotate')}
            </Button>
          </>
        )
      }
    >
      {secret ? (
        <SecretOnce secret={secret} />
      ) : (
        <div className="flex flex-col gap-4">
          <p>{t('rotate_text')}</p>
          <Field label={t('overlap')}>
            <Select
              value={hours}
              onChange={setHours}
              options={OVERLAPS.map((value) => ({ value, label: t(`overlaps.${value}`) }))}
            />
          </Field>
          {problem ? (
            <p role="alert" className="text-sm text-danger">
              {problem.title}. {problem.detail}
            </p>
          ) : null}
        </div>
      )}
    </Dialog>
  );
}
