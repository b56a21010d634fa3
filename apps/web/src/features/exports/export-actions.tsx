'use client';

import type { ExportJob } from '@labelyard/contract';
import { can, type Role } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RotateCcw, Trash2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { toast } from '@/ui/toast-store';
import { isUnderWay } from './export-queries';

type Step = 'cancel' | 'repeat' | 'delete';

/** Cancel, make again, delete. Whether it is one's own export is for the API to say, which knows. */
export function ExportActions({ job, role }: { job: ExportJob; role: Role }) {
  const t = useTranslations('exports');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const step = useMutation({
    mutationFn: async (what: Step) => {
      const params = { export_id: job.id };
      if (what === 'cancel') await api('exports.cancel', { params });
      else if (what === 'delete') await api('exports.delete', { params });
      else await api('exports.repeat', { params }, { headers: { prefer: 'wait=0' } });
    },
    onError: (error) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
    onSettled: () => {
      setAsking(false);
      return queries.invalidateQueries({ queryKey: queryKeys.exports(job.project_id) });
    },
  });
  if (!can(role, 'export.create')) return null;
  const busy = (what: Step) => step.isPending && step.variables === what;
  if (isUnderWay(job)) {
    return (
      <Button size="sm" icon={<X aria-hidden />} busy={busy('cancel')} onClick={() => step.mutate('cancel')}>
        {t('cancel')}
      </Button>
    );
  }
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        icon={<RotateCcw aria-hidden />}
        busy={busy('repeat')}
        onClick={() => step.mutate('repeat')}
      >
        {job.status === 'failed' ? t('retry') : t('repeat')}
      </Button>
      <Button size="sm" variant="ghost" icon={<Trash2 aria-hidden />} onClick={() => setAsking(true)}>
        {t('delete')}
      </Button>
      {asking ? (
        <ConfirmDialog
          title={t('delete_title')}
          confirm={t('delete')}
          cancel={t('keep')}
          busy={busy('delete')}
          onConfirm={() => step.mutate('delete')}
          onClose={() => setAsking(false)}
        >
          <p className="text-sm">{t('job_named', { id: job.id, format: t(`formats.${job.format}.name`) })}</p>
          <p className="mt-1 text-sm text-muted">{t('delete_text')}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
