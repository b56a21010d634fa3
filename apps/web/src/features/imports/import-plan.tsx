'use client';

import {
  IMPORT_EXISTING,
  IMPORT_SPLITS,
  IMPORT_STATES,
  type Dataset,
  type ImportChoices,
  type ImportExisting,
  type ImportJob,
  type ImportReport,
  type ImportSplits,
  type ImportState,
} from '@labelyard/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Import } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Checkbox } from '@/ui/choice';
import { Field } from '@/ui/field';
import { Select } from '@/ui/select';
import { ClassMapping, NEW, SKIP } from './class-mapping';

/** Where each class goes and how the import meets what is there; then it starts. */
export function ImportPlan({ job, report, dataset }: { job: ImportJob; report: ImportReport; dataset: Dataset }) {
  const t = useTranslations('imports.plan');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const [existing, setExisting] = useState<ImportExisting>(job.choices.existing);
  const [state, setState] = useState<ImportState>(job.choices.state);
  const [splits, setSplits] = useState<ImportSplits>(job.choices.splits);
  const [newImages, setNewImages] = useState(job.choices.new_images);
  const [unlabeledClasses, setUnlabeledClasses] = useState(job.choices.unlabeled_classes);
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const { data: classes } = useQuery({
    queryKey: ['classes', dataset.project_id, 'import'],
    queryFn: ({ signal }) => api('classes.list', { params: { project_id: dataset.project_id } }, { signal }),
  });
  const start = useMutation({
    mutationFn: (body: ImportChoices) => api('imports.start', { params: { import_id: job.id }, body }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.imports(dataset.project_id) }),
  });
  const problem = start.error ? errorText(start.error) : null;
  const unlabeled = report.classes.filter(({ annotations, class_id }) => annotations === 0 && class_id === null).length;
  const keyOf = (row: ImportReport['classes'][number]) => `${row.task_type} ${row.name}`;
  const target = (row: ImportReport['classes'][number]) =>
    chosen[keyOf(row)] ?? (row.class_id === null ? NEW : String(row.class_id));
  const submit = () =>
    start.mutate({
      on_unknown_class: 'create',
      existing,
      state,
      splits,
      new_images: newImages,
      unlabeled_classes: unlabeledClasses,
      classes: report.classes.flatMap((row) => {
        const value = chosen[keyOf(row)];
        if (value === undefined) return [];
        const { task_type, name } = row;
        const to = value === NEW ? { create: true as const } : value === SKIP ? { skip: true as const } : { class_id: Number(value) }; // prettier-ignore
        return [{ task_type, name, to }];
      }),
    });
  return (
    <form
      aria-label={t('title')}
      className="mt-6 flex flex-col gap-6 border-t pt-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {report.classes.length > 0 ? (
        <ClassMapping
          rows={report.classes}
          classes={classes?.items}
          target={target}
          onChange={(row, value) => setChosen({ ...chosen, [keyOf(row)]: value })}
        />
      ) : null}
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t('existing')}>
          <Select
            value={existing}
            onChange={setExisting}
            options={IMPORT_EXISTING.map((value) => ({ value, label: t(`existing_choices.${value}`) }))}
            className="w-full"
          />
        </Field>
        <Field label={t('state')}>
          <Select
            value={state}
            onChange={setState}
            options={IMPORT_STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
            className="w-full"
          />
        </Field>
        {Object.keys(report.images.by_split ?? {}).length > 0 ? (
          <Field label={t('splits')}>
            <Select
              value={splits}
              onChange={setSplits}
              options={IMPORT_SPLITS.map((value) => ({ value, label: t(`split_choices.${value}`) }))}
              className="w-full"
            />
          </Field>
        ) : null}
      </div>
      {unlabeled > 0 ? (
        <Checkbox
          label={t('unlabeled_classes', { count: unlabeled })}
          hint={t('unlabeled_classes_hint')}
          checked={unlabeledClasses}
          onChange={setUnlabeledClasses}
        />
      ) : null}
      {report.images.new > 0 ? (
        <Checkbox
          label={t('new_images', { count: report.images.new })}
          hint={t('new_images_hint')}
          checked={newImages}
          onChange={setNewImages}
        />
      ) : null}
      {problem ? (
        <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
          {problem.title}. {problem.detail}
        </p>
      ) : null}
      <Button
        type="submit"
        variant="primary"
        icon={<Import aria-hidden />}
        busy={start.isPending}
        className="self-start"
      >
        {t('start')}
      </Button>
    </form>
  );
}
