'use client';

import type { ServiceToken } from '@labelyard/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { ConfirmDialog } from '@/ui/confirm-dialog';

/** Asks before a token stops working for good. */
export function EndTokenDialog({
  projectId,
  token,
  onClose,
}: {
  projectId: number | null;
  token: ServiceToken;
  onClose: () => void;
}) {
  const t = useTranslations('service_tokens');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => {
      const service_token_id = token.id;
      return projectId === null
        ? api('admin.revoke_service_token', { params: { service_token_id } })
        : api('service_tokens.revoke', { params: { project_id: projectId, service_token_id } });
    },
    onSuccess: onClose,
    onSettled: () => void queries.invalidateQueries({ queryKey: queryKeys.serviceTokens(projectId) }),
  });
  const problem = revoke.error ? errorText(revoke.error) : null;
  return (
    <ConfirmDialog
      title={t('revoke_title', { name: token.name })}
      confirm={t('revoke')}
      busy={revoke.isPending}
      problem={problem && `${problem.title}. ${problem.detail}`}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    >
      <p>{t('revoke_text')}</p>
    </ConfirmDialog>
  );
}
