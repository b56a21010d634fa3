import { EXPORT_FORMATS, type ExportFormat } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import { classNames } from '@/ui/class-names';

/** The formats, each with what it is for. */
export function FormatCards({ value, onChange }: { value: ExportFormat; onChange: (format: ExportFormat) => void }) {
  const t = useTranslations('exports');
  const id = useId();
  return (
    <fieldset>
      <legend className="text-sm font-medium">{t('format')}</legend>
      <div className="mt-2 grid gap-2 sm:grid-cols-2 lg:grid-cols-1">
        {EXPORT_FORMATS.map((format) => (
          <label
            key={format}
            className={classNames(
              'relative block cursor-pointer rounded-md border px-3 py-2 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
              format === value
                ? 'border-accent-line bg-accent-soft'
                : 'border-line hover:border-control hover:bg-hover',
            )}
          >
            <input
              type="radio"
              name={`${id}-format`}
              value={format}
              checked={format === value}
              onChange={() => onChange(format)}
              aria-labelledby={`${id}-${format}`}
              aria-describedby={`${id}-${format}-hint`}
              className="sr-only"
            />
            <span id={`${id}-${format}`} className="block font-medium">
              {t(`formats.${format}.name`)}
            </span>
            <span id={`${id}-${format}-hint`} className="block text-xs text-muted">
              {t(`formats.${format}.hint`)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
