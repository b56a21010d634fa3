'use client';

import type { ServiceToken } from '@labelyard/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';

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
  const ui = useTranslations('ui');
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
    <Dialog
      open
      onOpenChange={(open) => !open && !revoke.isPending && onClose()}
      title={t('revoke_title', { name: token.name })}
      width="sm"
      footer={
        <>
          <Button onClick={onClose} disabled={revoke.isPending}>
            {ui('cancel')}
          </Button>
          <Button variant="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            {t('revoke')}
          </Button>
        </>
      }
    >
      <p>{t('revoke_text')}</p>
      {problem ? (
        <p role="alert" className="mt-3 text-sm text-danger">
          {problem.title}. {problem.detail}
        </p>
      ) : null}
    </Dialog>
  );
}
