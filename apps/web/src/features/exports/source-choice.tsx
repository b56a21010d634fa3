import type { Version } from '@labelyard/contract';
import { useFormatter, useTranslations } from 'next-intl';
import { Field } from '@/ui/field';
import { Select } from '@/ui/select';

const NOW = 'now';

/** What is exported: the dataset as it is now, or one of its versions. */
export function SourceChoice({
  versions,
  value,
  onChange,
}: {
  versions: readonly Version[];
  value: number | null;
  onChange: (version_id: number | null) => void;
}) {
  const t = useTranslations('exports');
  const format = useFormatter();
  if (versions.length === 0) return null;
  return (
    <Field label={t('source')} hint={value === null ? undefined : t('source_hint')}>
      <Select
        value={value === null ? NOW : `${value}`}
        onChange={(chosen) => onChange(chosen === NOW ? null : Number(chosen))}
        options={[
          { value: NOW, label: t('source_now') },
          ...versions.map(({ id, number, frozen_at }) => ({
            value: `${id}`,
            label: t('source_version', {
              number,
              date: frozen_at ? format.dateTime(new Date(frozen_at), { dateStyle: 'medium' }) : '',
            }),
          })),
        ]}
        className="w-full"
      />
    </Field>
  );
}
