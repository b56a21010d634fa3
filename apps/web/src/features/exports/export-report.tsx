import type { ExportReport } from '@labelyard/contract';
import { useFormatter, useTranslations } from 'next-intl';
import { Cell, HeadCell, Table } from '@/ui/table';

/** What an export holds, and everything it could not hold or had to write otherwise, with the reason. */
export function ExportReportView({ report }: { report: ExportReport }) {
  const t = useTranslations('exports.report');
  const format = useFormatter();
  return (
    <div className="mt-4 flex flex-col gap-6 border-t pt-4">
      <dl className="flex flex-wrap gap-x-10 gap-y-3">
        <Count label={t('images')} value={report.counts.images} />
        <Count label={t('annotations')} value={report.counts.annotations} />
        <Count label={t('classes')} value={report.counts.by_class.length} />
      </dl>
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
      <Findings title={t('dropped')} kind="dropped" findings={report.dropped} none={t('dropped_none')} />
      <Findings title={t('converted')} kind="converted" findings={report.converted} />
      {report.notes.length > 0 ? (
        <section>
          <h4 className="text-sm font-medium">{t('notes')}</h4>
          <ul className="mt-1.5 list-disc pl-5 text-sm text-muted">
            {report.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      ) : null}
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

/** Codes have words in the person's language; a code of a newer server shows the server's own sentence. */
function Findings({
  title,
  kind,
  findings,
  none,
}: {
  title: string;
  kind: 'dropped' | 'converted';
  findings: readonly Finding[];
  none?: string;
}) {
  const t = useTranslations('exports.report');
  const reasons = useTranslations(`exports.findings.${kind}`);
  const format = useFormatter();
  if (findings.length === 0 && !none) return null;
  const words = ({ code, reason }: Finding) => {
    const key = code as Parameters<typeof reasons.has>[0];
    return reasons.has(key) ? reasons(key) : reason;
  };
  return (
    <section>
      <h4 className="text-sm font-medium">{title}</h4>
      {findings.length === 0 ? <p className="mt-1 text-sm text-muted">{none}</p> : null}
      <ul className="mt-1.5 flex flex-col gap-2">
        {findings.map((finding) => (
          <li key={finding.code} className="flex gap-3 text-sm">
            <span className="tabular min-w-12 text-right font-semibold">{format.number(finding.count)}</span>
            <span>
              {words(finding)}
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
