'use client';

import type { Dataset, ImportJob } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ChevronDown, Undo2 } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { useFileSize } from '@/features/datasets/file-size';
import { JobFailure } from '@/job-failure';
import { queryKeys } from '@/query-keys';
import { Badge, type BadgeTone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { Progress } from '@/ui/progress';
import { toast } from '@/ui/toast-store';
import { ImportPlan } from './import-plan';
import { isUnderWay } from './import-queries';
import { ImportReportView } from './import-report';
import { ImportResultView } from './import-result';
import { UndoDialog } from './undo-dialog';

const TONES: Readonly<Record<ImportJob['status'], BadgeTone>> = {
  checking: 'info',
  ready: 'accent',
  applying: 'info',
  completed: 'success',
  failed: 'danger',
  cancelled: 'warning',
  undoing: 'info',
  undone: 'neutral',
};

/** One import, from the look at its files to taking it back. */
export function ImportCard({ job, dataset, open: initiallyOpen }: { job: ImportJob; dataset: Dataset; open: boolean }) {
  const t = useTranslations('imports');
  const formats = useTranslations('imports.format_names');
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  const fileSize = useFileSize();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [open, setOpen] = useState(initiallyOpen);
  const [undoing, setUndoing] = useState(false);
  const mayManage = can(dataset.role, 'import.create');
  const created = new Date(job.created_at);
  const waits =
    job.status === 'ready' || (job.report !== null && (job.status === 'failed' || job.status === 'cancelled'));
  const cancel = useMutation({
    mutationFn: () => api('imports.cancel', { params: { import_id: job.id } }),
    onError: (error) => toast.error(errorText(error).title, { detail: errorText(error).detail }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.imports(dataset.project_id) }),
  });
  const name = job.recognised as Parameters<typeof formats.has>[0] | null;
  return (
    <Card>
      <article aria-label={t('job', { name: job.source.name })} className="p-4 sm:p-5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h3 className="min-w-0 break-words font-semibold">{job.source.name}</h3>
          <Badge tone={TONES[job.status]}>{t(`status.${job.status}`)}</Badge>
          <span className="text-sm text-muted">
            {[name && (formats.has(name) ? formats(name) : name), fileSize(job.source.bytes)]
              .filter(Boolean)
              .join(' · ')}
          </span>
          <time
            dateTime={job.created_at}
            title={format.dateTime(created, { dateStyle: 'full', timeStyle: 'medium' })}
            className="ml-auto text-sm text-muted"
          >
            {format.relativeTime(created, now > created ? now : created)}
          </time>
        </div>

        {isUnderWay(job) ? (
          <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
            <div className="min-w-40 grow">
              <Progress label={t(`status.${job.status}`)} value={job.progress > 0 ? job.progress : null} />
              <p role="status" className="tabular mt-1.5 text-sm text-muted">
                {t(`doing.${job.status as 'checking' | 'applying' | 'undoing'}`)}
              </p>
            </div>
            {mayManage && job.status !== 'undoing' ? (
              <Button size="sm" busy={cancel.isPending} onClick={() => cancel.mutate()}>
                {t('cancel')}
              </Button>
            ) : null}
          </div>
        ) : null}

        {job.error ? (
          <div role="alert" className="mt-4 rounded-md bg-danger-soft px-3 py-2 text-sm">
            <p className="font-medium text-danger">{t('failed')}</p>
            <p className="mt-0.5 break-words text-muted">
              <JobFailure error={job.error} />
            </p>
          </div>
        ) : null}

        {job.result ? <ImportResultView job={job} /> : null}

        {job.report && !isUnderWay(job) ? (
          <>
            <div className="mt-4 flex flex-wrap items-center gap-2">
              <Button
                variant="ghost"
                size="sm"
                aria-expanded={open}
                onClick={() => setOpen(!open)}
                className="-ml-2.5"
                icon={<ChevronDown aria-hidden className={classNames('transition-transform', open && 'rotate-180')} />}
              >
                {t('report_button')}
              </Button>
              {job.status === 'completed' && mayManage ? (
                <Button size="sm" icon={<Undo2 aria-hidden />} className="ml-auto" onClick={() => setUndoing(true)}>
                  {t('undo.button')}
                </Button>
              ) : null}
            </div>
            {open ? <ImportReportView job={job} report={job.report} /> : null}
            {open && waits && mayManage ? <ImportPlan job={job} report={job.report} dataset={dataset} /> : null}
          </>
        ) : null}
        {undoing ? <UndoDialog job={job} onClose={() => setUndoing(false)} /> : null}
      </article>
    </Card>
  );
}
