import type { VersionClass } from '@labelyard/contract';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Combobox } from '@/ui/combobox';

const NONE = 'none';

/** Some of any number of classes; none chosen means all. */
export function ClassChoice({
  classes,
  chosen,
  onChange,
}: {
  classes: readonly VersionClass[];
  chosen: readonly number[];
  onChange: (class_ids: readonly number[]) => void;
}) {
  const t = useTranslations('exports');
  if (classes.length === 0) return null;
  const left = classes.filter(({ id }) => !chosen.includes(id));
  return (
    <div>
      <p className="mb-2 text-sm font-medium">{t('classes')}</p>
      <Combobox
        label={t('add_class')}
        value={NONE}
        onChange={(value) => onChange([...chosen, Number(value)])}
        options={[
          { value: NONE, label: chosen.length > 0 ? t('add_class') : t('all_classes') },
          ...left.map(({ id, name }) => ({ value: `${id}`, label: name })),
        ].filter(({ value }) => value === NONE || left.length > 0)}
        className="w-full"
      />
      {chosen.length > 0 ? (
        <ul className="mt-2 flex flex-wrap gap-1.5">
          {classes
            .filter(({ id }) => chosen.includes(id))
            .map(({ id, name }) => (
              <li key={id}>
                <button
                  type="button"
                  aria-label={t('remove_class', { name })}
                  onClick={() => onChange(chosen.filter((other) => other !== id))}
                  className="inline-flex min-h-6 max-w-full items-center gap-1 rounded-sm border border-accent-line bg-accent-soft px-2 text-sm hover:bg-hover"
                >
                  <span className="truncate">{name}</span>
                  <X aria-hidden className="size-3.5 shrink-0" />
                </button>
              </li>
            ))}
        </ul>
      ) : null}
    </div>
  );
}
