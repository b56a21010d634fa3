import type { ExportReport } from '@labelyard/contract';
import { useFormatter, useTranslations } from 'next-intl';
import { Badge } from '@/ui/badge';
import { Cell, HeadCell, Table } from '@/ui/table';
import { ExportNotes } from './export-notes';
import { useFindingWords } from './finding-words';

/** What an export holds, and everything it could not hold or had to write otherwise, with the reason. */
export function ExportReportView({ report, format: name }: { report: ExportReport; format: string }) {
  const t = useTranslations('exports.report');
  const format = useFormatter();
  return (
    <div className="mt-4 flex flex-col gap-6 border-t pt-4">
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        <Count label={t('images')} value={report.counts.images} />
        <Count label={t('annotations')} value={report.counts.annotations} />
        <Count label={t('classes')} value={report.counts.by_class.length} />
        {report.pictures ? <Count label={t('pictures')} value={report.pictures.count} /> : null}
      </dl>
      {report.check ? <Check check={report.check} /> : null}
      {report.pictures && report.pictures.missing.count + report.pictures.changed.count > 0 ? (
        <p className="rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
          {t('pictures_lacking', { missing: report.pictures.missing.count, changed: report.pictures.changed.count })}
        </p>
      ) : null}
      {report.counts.by_class.length > 0 ? (
        <div className="max-h-80 overflow-y-auto">
          <Table caption={t('by_class')}>
            <thead>
              <tr>
                <HeadCell>{t('class')}</HeadCell>
                <HeadCell className="text-right">{t('annotations')}</HeadCell>
              </tr>
            </thead>
            <tbody>
              {report.counts.by_class.map((row) => (
                <tr key={row.class_id}>
                  <Cell className="py-1.5">{row.name}</Cell>
                  <Cell className="tabular py-1.5 text-right">{format.number(row.annotations)}</Cell>
                </tr>
              ))}
            </tbody>
          </Table>
        </div>
      ) : null}
      <Findings title={t('dropped')} kind="dropped" format={name} findings={report.dropped} none={t('dropped_none')} />
      <Findings title={t('converted')} kind="converted" format={name} findings={report.converted} />
      <ExportNotes report={report} format={name} />
    </div>
  );
}

function Count({ label, value }: { label: string; value: number }) {
  const format = useFormatter();
  return (
    <div>
      <dt className="text-sm text-muted">{label}</dt>
      <dd className="tabular text-xl font-semibold">{format.number(value)}</dd>
    </div>
  );
}

type Finding = ExportReport['dropped'][number];

function Check({ check }: { check: NonNullable<ExportReport['check']> }) {
  const t = useTranslations('exports.report');
  const tone = { passed: 'success', failed: 'warning', skipped: 'neutral' } as const;
  return (
    <section>
      <h4 className="flex items-center gap-2 text-sm font-medium">
        {t('check')}
        <Badge tone={tone[check.status]}>{t(`checks.${check.status}`)}</Badge>
      </h4>
      <p className="mt-1 text-sm text-muted">{t(`check_texts.${check.status}`)}</p>
      {check.issues.length > 0 ? (
        <ul className="mt-1.5 flex flex-col gap-1.5 text-sm">
          {check.issues.map(({ file, line, path, message }, n) => (
            <li key={n}>
              <code className="break-all font-mono text-xs">
                {[file, line, path].filter((part) => part !== undefined).join(':')}
              </code>
              <span className="block text-muted">{message}</span>
            </li>
          ))}
        </ul>
      ) : null}
      {check.count > check.issues.length ? (
        <p className="mt-1 text-xs text-muted">{t('more_issues', { count: check.count - check.issues.length })}</p>
      ) : null}
    </section>
  );
}

function Findings({
  title,
  kind,
  format: name,
  findings,
  none,
}: {
  title: string;
  kind: 'dropped' | 'converted';
  format: string;
  findings: readonly Finding[];
  none?: string;
}) {
  const t = useTranslations('exports.report');
  const words = useFindingWords();
  const format = useFormatter();
  if (findings.length === 0 && !none) return null;
  return (
    <section>
      <h4 className="text-sm font-medium">{title}</h4>
      {findings.length === 0 ? <p className="mt-1 text-sm text-muted">{none}</p> : null}
      <ul className="mt-1.5 flex flex-col gap-2">
        {findings.map((finding) => (
          <li key={finding.code} className="flex gap-3 text-sm">
            <span className="tabular min-w-12 text-right font-semibold">{format.number(finding.count)}</span>
            <span>
              {words(kind, name, finding.code, finding.reason)}
              {finding.examples.length > 0 ? (
                <span className="tabular block text-xs text-faint">
                  {t('examples', { ids: finding.examples.join(', ') })}
                </span>
              ) : null}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
