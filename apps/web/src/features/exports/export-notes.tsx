import type { ExportReport } from '@labelyard/contract';
import { useFormatter, useTranslations } from 'next-intl';
import { useFindingWords } from './finding-words';

/** Remarks for who will use the files; reports from before codes have them in English only. */
export function ExportNotes({ report, format: name }: { report: ExportReport; format: string }) {
  const t = useTranslations('exports.report');
  const words = useFindingWords();
  const format = useFormatter();
  const notes: NonNullable<ExportReport['noted']> = report.noted ?? report.notes.map((text) => ({ text }));
  if (notes.length === 0) return null;
  return (
    <section>
      <h4 className="text-sm font-medium">{t('notes')}</h4>
      <ul className="mt-1.5 list-disc pl-5 text-sm text-muted">
        {notes.map(({ code, text, values, about }) => {
          const said = words('noted', name, code, text, values);
          // The server's own sentence says by itself how many.
          if (said === text || !about) return <li key={text}>{said}</li>;
          const ids = about.examples.join(', ');
          return (
            <li key={text}>
              <span className="tabular font-semibold">{format.number(about.count)}</span> × {said}
              <span className="tabular block text-xs text-faint">
                {about.what === 'image' ? t('examples_image', { ids }) : t('examples', { ids })}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
