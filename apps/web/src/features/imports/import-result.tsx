import type { ImportJob } from '@labelyard/contract';
import { useFormatter, useTranslations } from 'next-intl';

/** What an import made, and what taking it back removed. */
export function ImportResultView({ job }: { job: ImportJob }) {
  const t = useTranslations('imports.result');
  const codes = useTranslations('imports.dropped');
  const format = useFormatter();
  const { result } = job;
  if (!result) return null;
  const { undo } = result;
  return (
    <div className="mt-4 flex flex-col gap-2 text-sm">
      <p role="status" className="font-medium">
        {t('made', { annotations: result.annotations, images: result.images, classes: result.classes })}
      </p>
      {result.replaced > 0 ? <p className="text-muted">{t('replaced', { count: result.replaced })}</p> : null}
      {result.splits ? <p className="text-muted">{t('splits', { count: result.splits })}</p> : null}
      {result.dropped.length > 0 ? (
        <ul aria-label={t('left_out')} className="flex flex-col gap-1">
          {result.dropped.map(({ code, count }) => {
            const key = code as Parameters<typeof codes.has>[0];
            return (
              <li key={code} className="flex gap-3">
                <span className="tabular min-w-10 text-right font-semibold">{format.number(count)}</span>
                <span className="text-muted">{codes.has(key) ? codes(key) : code}</span>
              </li>
            );
          })}
        </ul>
      ) : null}
      {undo ? (
        <p className="text-muted">
          {t('undone', { removed: undo.unchanged, kept: undo.changed, restored: undo.restored, images: undo.images })}
        </p>
      ) : null}
    </div>
  );
}
