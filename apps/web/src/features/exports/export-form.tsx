'use client';

import type { Dataset } from '@labelyard/contract';
import { ANNOTATION_STATES, type AnnotationState, type TaskType } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PackageOpen } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Checkbox } from '@/ui/choice';
import { Field } from '@/ui/field';
import { Select } from '@/ui/select';

const ALL = 'all';

/** What to export. */
export function ExportForm({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('exports');
  const types = useTranslations('task_types');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [type, setType] = useState<TaskType | typeof ALL>(ALL);
  const [states, setStates] = useState<readonly AnnotationState[]>(ANNOTATION_STATES);
  const create = useMutation({
    mutationFn: () =>
      api(
        'exports.create',
        {
          body: {
            project_id: dataset.project_id,
            format: 'coco',
            task_type: type === ALL ? undefined : type,
            state: states.length === ANNOTATION_STATES.length ? undefined : [...states],
          },
        },
        // The list below shows how far it is; there is nothing to wait for here.
        { headers: { prefer: 'wait=0' } },
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.exports(dataset.project_id) }),
  });
  const problem = create.error ? errorText(create.error) : null;

  return (
    <Card className="h-fit p-5">
      <h2 className="text-lg font-semibold">{t('new')}</h2>
      <form
        className="mt-4 flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <div>
          <p className="text-sm font-medium">{t('format')}</p>
          <p className="mt-1.5 rounded-md border border-accent-line bg-accent-soft px-3 py-2">
            <span className="block font-medium">{t('formats.coco.name')}</span>
            <span className="block text-sm text-muted">{t('formats.coco.hint')}</span>
          </p>
        </div>
        <Field label={t('task_type')}>
          <Select
            value={type}
            onChange={setType}
            options={[
              { value: ALL, label: t('all_task_types') },
              ...dataset.task_types.map((value) => ({ value, label: types(value) })),
            ]}
            className="w-full"
          />
        </Field>
        <fieldset>
          <legend className="mb-2 text-sm font-medium">{t('states')}</legend>
          <div className="flex flex-col gap-2">
            {ANNOTATION_STATES.map((state) => (
              <Checkbox
                key={state}
                label={t(`state_names.${state}`)}
                hint={t(`state_hints.${state}`)}
                checked={states.includes(state)}
                onChange={(checked) =>
                  setStates(ANNOTATION_STATES.filter((other) => (other === state ? checked : states.includes(other))))
                }
              />
            ))}
          </div>
        </fieldset>
        {problem ? (
          <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
            {problem.title}. {problem.detail}
          </p>
        ) : null}
        <Button
          type="submit"
          variant="primary"
          icon={<PackageOpen aria-hidden />}
          busy={create.isPending}
          disabled={states.length === 0}
        >
          {t('submit')}
        </Button>
      </form>
    </Card>
  );
}
