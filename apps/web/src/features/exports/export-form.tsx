'use client';

import type { Dataset } from '@labelyard/contract';
import { ANNOTATION_STATES, SPLITS } from '@labelyard/domain';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { PackageOpen } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Card } from '@/ui/card';
import { Checkbox } from '@/ui/choice';
import { Field } from '@/ui/field';
import { Select } from '@/ui/select';
import { ClassChoice } from './class-choice';
import { ExportPreviewView } from './export-preview';
import {
  ALL_TASKS,
  draftProblem,
  NEW_DRAFT,
  possibleTasks,
  requestOf,
  tasksInScope,
  withFormat,
  withVersion,
} from './export-request';
import { useExportSource } from './export-source';
import { FormatCards } from './format-cards';
import { FormatOptions } from './format-options';
import { SourceChoice } from './source-choice';

/** What to export: the format with its choices, which part of the dataset, and what will come of it. */
export function ExportForm({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('exports');
  const types = useTranslations('task_types');
  const splits = useTranslations('splits');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const asked = Number(useSearchParams().get('version')) || null;
  const [draft, setDraft] = useState({ ...NEW_DRAFT, version_id: asked });
  const { versions, task_types, classes } = useExportSource(dataset, draft.version_id);
  const tasks = possibleTasks(draft.format, task_types);
  const inScope = tasksInScope(draft, task_types);
  const problem = draftProblem(draft, inScope);
  const looked = useDeferredValue(draft);
  const create = useMutation({
    // The list shows how far it is; there is nothing to wait for here.
    mutationFn: () =>
      api('exports.create', { body: requestOf(dataset.project_id, draft) }, { headers: { prefer: 'wait=0' } }),
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.exports(dataset.project_id) }),
  });
  const refusal = create.error ? errorText(create.error) : null;

  return (
    <Card className="h-fit p-5">
      <h2 className="text-lg font-semibold">{t('new')}</h2>
      <form
        // What has the focus must not hide behind the foot.
        className="mt-4 flex flex-col gap-6 [&_:is(input,button)]:scroll-mb-28"
        onSubmit={(event) => {
          event.preventDefault();
          if (!problem) create.mutate();
        }}
      >
        <SourceChoice
          versions={versions}
          value={draft.version_id}
          onChange={(version_id) => setDraft(withVersion(draft, version_id))}
        />
        <FormatCards value={draft.format} onChange={(format) => setDraft(withFormat(draft, format))} />
        <FormatOptions draft={draft} task_types={inScope} onChange={setDraft} />
        <Checkbox
          label={t('include_images')}
          hint={t('include_images_hint')}
          checked={draft.include_images}
          onChange={(include_images) => setDraft({ ...draft, include_images })}
        />
        <Part title={t('which_annotations')}>
          <Field label={t('task_type')}>
            <Select
              value={draft.task_type}
              onChange={(task_type) => setDraft({ ...draft, task_type, class_ids: [] })}
              options={[
                { value: ALL_TASKS, label: t('all_task_types') },
                ...tasks.map((value) => ({ value, label: types(value) })),
              ]}
              className="w-full"
            />
          </Field>
          <ClassChoice
            classes={classes.filter(({ task_type }) => inScope.includes(task_type))}
            chosen={draft.class_ids}
            onChange={(class_ids) => setDraft({ ...draft, class_ids })}
          />
          <fieldset>
            <legend className="mb-2 text-sm font-medium">{t('states')}</legend>
            <div className="flex flex-col gap-2">
              {ANNOTATION_STATES.map((state) => (
                <Checkbox
                  key={state}
                  label={t(`state_names.${state}`)}
                  hint={t(`state_hints.${state}`)}
                  checked={draft.states.includes(state)}
                  onChange={(on) => setDraft({ ...draft, states: chosen(ANNOTATION_STATES, draft.states, state, on) })}
                />
              ))}
            </div>
          </fieldset>
        </Part>
        <Part title={t('which_images')}>
          <Checkbox
            label={t('annotated_only')}
            hint={t('annotated_only_hint')}
            checked={draft.annotated_only}
            onChange={(annotated_only) => setDraft({ ...draft, annotated_only })}
          />
          <fieldset>
            <legend className="text-sm font-medium">{t('splits')}</legend>
            <p className="mb-2 text-xs text-muted">{t('splits_hint')}</p>
            <div className="flex flex-wrap gap-x-5 gap-y-2">
              {SPLITS.map((split) => (
                <Checkbox
                  key={split}
                  label={splits(split)}
                  checked={draft.splits.includes(split)}
                  onChange={(on) => setDraft({ ...draft, splits: chosen(SPLITS, draft.splits, split, on) })}
                />
              ))}
            </div>
          </fieldset>
        </Part>
        {problem === null && draftProblem(looked, tasksInScope(looked, task_types)) === null ? (
          <ExportPreviewView request={requestOf(dataset.project_id, looked)} />
        ) : null}
        <div className="sticky bottom-0 z-10 -mx-5 -mb-5 flex flex-col gap-3 rounded-b-lg border-t bg-surface px-5 py-3">
          {problem ? (
            <p role="status" className="rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
              {t(`problems.${problem}`)}
            </p>
          ) : null}
          {refusal ? (
            <p role="alert" className="rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
              {refusal.title}. {refusal.detail}
            </p>
          ) : null}
          <Button
            type="submit"
            variant="primary"
            icon={<PackageOpen aria-hidden />}
            busy={create.isPending}
            disabled={problem !== null}
          >
            {t('submit')}
          </Button>
        </div>
      </form>
    </Card>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-4 border-t pt-4">
      <h3 className="font-medium">{title}</h3>
      {children}
    </section>
  );
}

/** With or without one, in the order of all. */
function chosen<T>(all: readonly T[], before: readonly T[], one: T, on: boolean): T[] {
  return all.filter((other) => (other === one ? on : before.includes(other)));
}
