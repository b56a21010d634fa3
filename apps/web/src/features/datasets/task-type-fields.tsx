'use client';

import { TASK_TYPES, VISIBILITIES, type TaskType, type Visibility } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import { useId, type ReactNode } from 'react';
import { Checkbox, RadioGroup } from '@/ui/choice';

/** What a dataset is labeled for. `locked` types cannot be taken away. */
export function TaskTypeField({
  value,
  onChange,
  error,
  disabled,
}: {
  value: readonly TaskType[];
  onChange: (types: TaskType[]) => void;
  error?: ReactNode;
  disabled?: boolean;
}) {
  const t = useTranslations('datasets.form');
  const types = useTranslations('task_types');
  const hints = useTranslations('datasets.form.task_type_hints');
  const id = useId();
  return (
    <fieldset aria-describedby={error ? `${id}-error` : undefined} className="min-w-0">
      <legend className="mb-2 text-sm font-medium">{t('task_types')}</legend>
      <div className="grid gap-x-6 gap-y-2.5 sm:grid-cols-2">
        {TASK_TYPES.map((type) => (
          <Checkbox
            key={type}
            label={types(type)}
            hint={hints(type)}
            checked={value.includes(type)}
            disabled={disabled}
            onChange={(checked) =>
              onChange(TASK_TYPES.filter((other) => (other === type ? checked : value.includes(other))))
            }
          />
        ))}
      </div>
      {error ? (
        <p id={`${id}-error`} role="alert" className="mt-2 text-sm text-danger">
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}

export function VisibilityField({
  value,
  onChange,
  disabled,
}: {
  value: Visibility;
  onChange: (visibility: Visibility) => void;
  disabled?: boolean;
}) {
  const t = useTranslations('datasets');
  return (
    <RadioGroup
      legend={t('form.visibility')}
      value={value}
      onChange={onChange}
      disabled={disabled}
      options={VISIBILITIES.map((option) => ({
        value: option,
        label: t(`visibility.${option}`),
        hint: t(`form.visibility_hints.${option}`),
      }))}
    />
  );
}
