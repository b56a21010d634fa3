'use client';

import type { ExportJob } from '@labelyard/contract';
import { ANNOTATION_STATES, TASK_TYPES, type Role } from '@labelyard/domain';
import { useMutation } from '@tanstack/react-query';
import { ChevronDown, Download, Link2 } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { useFileSize } from '@/features/datasets/file-size';
import { JobFailure } from '@/job-failure';
import { Badge, type BadgeTone } from '@/ui/badge';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { classNames } from '@/ui/class-names';
import { copyText } from '@/ui/copy-text';
import { CopyButton } from '@/ui/copy-button';
import { Progress } from '@/ui/progress';
import { toast } from '@/ui/toast-store';
import { ExportActions } from './export-actions';
import { ExportReportView } from './export-report';
import { isUnderWay } from './export-queries';

const TONES: Readonly<Record<ExportJob['status'], BadgeTone>> = {
  queued: 'neutral',
  running: 'info',
  completed: 'success',
  failed: 'danger',
  cancelled: 'warning',
  expired: 'neutral',
};

/** One export: how far it is, then its file and what is in it. */
export function ExportJobCard({ job, role, open: initiallyOpen }: { job: ExportJob; role: Role; open: boolean }) {
  const t = useTranslations('exports');
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  const fileSize = useFileSize();
  const [open, setOpen] = useState(initiallyOpen);
  const created = new Date(job.created_at);
  const underWay = isUnderWay(job);
  const dropped = job.report?.dropped.reduce((sum, finding) => sum + finding.count, 0) ?? 0;
  const converted = job.report?.converted.reduce((sum, finding) => sum + finding.count, 0) ?? 0;

  return (
    <Card>
      <article aria-label={t('job', { id: job.id })} className="p-4 sm:p-5">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <h3 className="font-semibold">{t(`formats.${job.format}.name`)}</h3>
          <Badge tone={TONES[job.status]}>{t(`status.${job.status}`)}</Badge>
          <Scope job={job} />
          <time
            dateTime={job.created_at}
            title={format.dateTime(created, { dateStyle: 'full', timeStyle: 'medium' })}
            className="ml-auto text-sm text-muted"
          >
            {format.relativeTime(created, now > created ? now : created)}
          </time>
        </div>

        {underWay ? (
          <div className="mt-4">
            <Progress label={t('progress')} value={job.status === 'queued' ? null : job.progress} />
            <p role="status" className="tabular mt-1.5 text-sm text-muted">
              {job.status === 'queued'
                ? t('waiting')
                : t('percent', { share: format.number(job.progress, { style: 'percent' }) })}
            </p>
          </div>
        ) : null}

        {job.status === 'failed' ? <Failure job={job} /> : null}
        {job.status === 'expired' ? <p className="mt-3 text-sm text-muted">{t('expired_text')}</p> : null}

        {job.status === 'completed' || job.status === 'expired' ? (
          <>
            <div className="mt-4 flex flex-wrap items-center gap-2">
              {job.status === 'completed' ? <LinkButtons job={job} /> : null}
              {job.size_bytes !== null ? (
                <span className="tabular ml-1 text-sm text-muted">{fileSize(job.size_bytes)}</span>
              ) : null}
              {job.report ? (
                <Button
                  variant="ghost"
                  size="sm"
                  aria-expanded={open}
                  onClick={() => setOpen(!open)}
                  className="ml-auto"
                  icon={
                    <ChevronDown aria-hidden className={classNames('transition-transform', open && 'rotate-180')} />
                  }
                >
                  {dropped + converted > 0 ? t('report_findings', { dropped, converted }) : t('report_clean')}
                </Button>
              ) : null}
            </div>
            {job.sha256 ? (
              <p className="mt-3 flex min-w-0 items-center gap-2 text-xs text-muted">
                <span>{t('sha256')}</span>
                <code className="min-w-0 truncate font-mono">{job.sha256}</code>
                <CopyButton text={job.sha256} label={t('copy_sha256')} />
              </p>
            ) : null}
            {open && job.report ? <ExportReportView report={job.report} format={job.format} /> : null}
          </>
        ) : null}
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <ExportActions job={job} role={role} />
          {job.status === 'completed' && job.expires_at ? (
            <time dateTime={job.expires_at} className="ml-auto text-xs text-muted">
              {t('expires', { date: format.dateTime(new Date(job.expires_at), { dateStyle: 'medium' }) })}
            </time>
          ) : null}
        </div>
      </article>
    </Card>
  );
}

/** Links run out after a while, so a fresh one is fetched when it is needed. */
function LinkButtons({ job }: { job: ExportJob }) {
  const t = useTranslations('exports');
  const errorText = useErrorText();
  const link = useMutation({
    mutationFn: async (follow: (url: string) => Promise<void> | void) => {
      const { download_url } = await api('exports.get', { params: { export_id: job.id } });
      if (download_url) await follow(download_url);
      // It ran out while the page stood open.
      else toast.info(t('expired_text'));
    },
    onError: (error) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
  });
  return (
    <>
      <Button
        size="sm"
        icon={<Download aria-hidden />}
        disabled={link.isPending}
        onClick={() => link.mutate((url) => window.location.assign(url))}
      >
        {t('download')}
      </Button>
      <Button
        size="sm"
        icon={<Link2 aria-hidden />}
        disabled={link.isPending}
        onClick={() =>
          link.mutate(async (url) => {
            await copyText(url);
            toast.success(t('link_copied'), { detail: t('link_hint') });
          })
        }
      >
        {t('copy_link')}
      </Button>
    </>
  );
}

function Failure({ job }: { job: ExportJob }) {
  const t = useTranslations('exports');
  return (
    <div role="alert" className="mt-4 rounded-md bg-danger-soft px-3 py-2 text-sm">
      <p className="font-medium text-danger">{t('failed')}</p>
      {job.error ? (
        <p className="mt-0.5 break-words text-muted">
          <JobFailure error={job.error} />
        </p>
      ) : null}
    </div>
  );
}

/** The filters it was made with. */
function Scope({ job }: { job: ExportJob }) {
  const t = useTranslations('exports');
  const types = useTranslations('task_types');
  const splitWords = useTranslations('splits');
  const { states = [], splits = [], class_ids = [], options = {}, ...choices } = job.options;
  const type = TASK_TYPES.find((known) => known === choices.task_type);
  const kind = options['kind'];
  const kindWords = `options.kind.${String(kind)}` as Parameters<typeof t>[0];
  const words = [
    ...(choices.version_number ? [t('of_version', { number: choices.version_number })] : []),
    ...(typeof kind === 'string' && t.has(kindWords) ? [t(kindWords)] : []),
    type ? types(type) : t('all_task_types'),
    ...ANNOTATION_STATES.filter((known) => states.includes(known)).map((state) => t(`state_names.${state}`)),
    ...splits.map((split) => splitWords(split)),
    ...(class_ids.length > 0 ? [t('some_classes', { count: class_ids.length })] : []),
    ...(choices.images === 'annotated' ? [t('annotated_only')] : []),
    ...(choices.include_images ? [t('with_images')] : []),
  ];
  return <span className="text-sm text-muted">{words.join(' · ')}</span>;
}
