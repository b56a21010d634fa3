'use client';

import type { ImportIssueItem, ImportJob, ImportReport } from '@labelyard/contract';
import { SPLITS } from '@labelyard/domain';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ChevronRight, Download, TriangleAlert } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { toast } from '@/ui/toast-store';
import { issuesQuery } from './import-queries';
import { issuesCsv } from './issues-csv';

/** What lies in the files: numbers first, then what is wrong with them, by kind. */
export function ImportReportView({ job, report }: { job: ImportJob; report: ImportReport }) {
  const t = useTranslations('imports.report');
  const splits = useTranslations('splits');
  const format = useFormatter();
  const { images } = report;
  const placed = SPLITS.flatMap((split) => {
    const count = images.by_split?.[split];
    return count ? [`${splits(split)} ${format.number(count)}`] : [];
  });
  const matched = images.matched_by_path + images.matched_by_name + images.matched_by_hash;
  return (
    <section aria-label={t('title')} className="mt-4 flex flex-col gap-6 border-t pt-4">
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        <Count label={t('annotations')} value={report.annotations} />
        <Count label={t('matched')} value={matched} />
        <Count label={t('new')} value={images.new} />
        <Count label={t('missing')} value={images.missing} alarming />
        <Count label={t('classes')} value={report.classes.length} />
      </dl>
      <ul className="flex flex-col gap-1 text-sm text-muted">
        <li>
          <Recognised report={report} />
        </li>
        {images.matched_by_name + images.matched_by_hash > 0 ? (
          <li>{t('found_otherwise', { by_name: images.matched_by_name, by_hash: images.matched_by_hash })}</li>
        ) : null}
        {placed.length > 0 ? <li>{t('splits', { splits: format.list(placed) })}</li> : null}
        {images.labeled_before > 0 ? <li>{t('labeled_before', { count: images.labeled_before })}</li> : null}
      </ul>
      <Problems job={job} report={report} />
    </section>
  );
}

function Recognised({ report: { format, reason, recognised_by } }: { report: ImportReport }) {
  const t = useTranslations('imports.report.recognised');
  const formats = useTranslations('imports.format_names');
  const name = format as Parameters<typeof formats>[0];
  if (!recognised_by || !formats.has(name)) return reason;
  return t(recognised_by.by, { file: recognised_by.file ?? '', format: formats(name) });
}

function Count({ label, value, alarming = false }: { label: string; value: number; alarming?: boolean }) {
  const format = useFormatter();
  return (
    <div>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className={classNames('tabular text-xl font-semibold', alarming && value > 0 && 'text-danger')}>
        {format.number(value)}
      </dd>
    </div>
  );
}

function Problems({ job, report }: { job: ImportJob; report: ImportReport }) {
  const t = useTranslations('imports.report');
  const errorText = useErrorText();
  const save = useMutation({
    mutationFn: async () => {
      const all: ImportIssueItem[] = [];
      for (let cursor: string | undefined; ;) {
        const query = { limit: 500, cursor };
        const page = await api('imports.issues', { params: { import_id: job.id }, query });
        all.push(...page.items);
        if (!page.next_cursor) break;
        cursor = page.next_cursor;
      }
      const url = URL.createObjectURL(new Blob([issuesCsv(all)], { type: 'text/csv' }));
      const link = Object.assign(document.createElement('a'), { href: url, download: `import-${job.id}-problems.csv` });
      link.click();
      URL.revokeObjectURL(url);
    },
    onError: (error) => toast.error(errorText(error).title, { detail: errorText(error).detail }),
  });
  if (report.issue_counts.length === 0) return <p className="text-sm text-muted">{t('clean')}</p>;
  return (
    <div>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h4 className="text-sm font-medium">{t('problems')}</h4>
        <Button size="sm" icon={<Download aria-hidden />} busy={save.isPending} onClick={() => save.mutate()}>
          {t('download')}
        </Button>
      </div>
      <ul className="mt-2 flex flex-col">
        {report.issue_counts.map(({ code, severity, count }) => (
          <ProblemGroup key={`${severity} ${code}`} importId={job.id} code={code} severity={severity} count={count} />
        ))}
      </ul>
    </div>
  );
}

function ProblemGroup({
  importId,
  code,
  severity,
  count,
}: {
  importId: number;
  code: string;
  severity: 'error' | 'warning';
  count: number;
}) {
  const t = useTranslations('imports.report');
  const words = useTranslations('imports.issues');
  const errorText = useErrorText();
  const format = useFormatter();
  const [open, setOpen] = useState(false);
  const list = useQuery({ ...issuesQuery(importId, code), enabled: open });
  const key = code as Parameters<typeof words.has>[0];
  const items = list.data?.items.filter((item) => item.severity === severity) ?? [];
  return (
    <li className="border-b py-1 last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-3 rounded-md px-1 py-1.5 text-left text-sm hover:bg-hover"
      >
        <ChevronRight aria-hidden className={classNames('size-4 shrink-0 transition-transform', open && 'rotate-90')} />
        <TriangleAlert
          aria-hidden
          className={classNames('size-4 shrink-0', severity === 'error' ? 'text-danger' : 'text-warning')}
        />
        <span className="min-w-0 grow">
          {words.has(key) ? words(key) : code}
          <span className="text-muted"> · {t(`severity.${severity}`)}</span>
        </span>
        <span className="tabular font-semibold">{format.number(count)}</span>
      </button>
      {open ? (
        <ul className="flex flex-col gap-1.5 pb-2 pl-8 pt-1 text-sm" aria-busy={list.isPending}>
          {items.map((item) => (
            <li key={item.n} className="min-w-0">
              <code className="break-all font-mono text-xs">
                {item.file}
                {item.line === null ? '' : `:${item.line}`}
                {item.path === null ? '' : ` ${item.path}`}
              </code>
              <span className="block break-words text-muted">{item.message}</span>
            </li>
          ))}
          {list.isError ? (
            <li role="alert" className="text-danger">
              {errorText(list.error).title}
            </li>
          ) : null}
          {list.data && count > items.length ? (
            <li className="text-xs text-muted">{t('more', { count: count - items.length })}</li>
          ) : null}
        </ul>
      ) : null}
    </li>
  );
}
