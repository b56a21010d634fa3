'use client';

import type { AnnotationTask, Dataset } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { MemberCombobox } from '@/features/members/member-combobox';
import { Dialog } from '@/ui/dialog';
import { Field, Input, TextArea } from '@/ui/field';
import { FormFooter } from '@/ui/form-footer';
import { formText } from '@/ui/form-text';
import { dueInput, dueTime } from './due-input';
import { useTaskActions } from './use-task-actions';

const FORM_ID = 'edit-task';

/** Name, description, due date and person of a task. */
export function EditTaskDialog({
  dataset,
  task,
  onClose,
}: {
  dataset: Dataset;
  task: AnnotationTask;
  onClose: () => void;
}) {
  const t = useTranslations('tasks');
  const ui = useTranslations('ui');
  const { update } = useTaskActions(dataset.project_id);
  const [assignee, setAssignee] = useState(
    task.assignee_id === null
      ? null
      : {
          user_id: task.assignee_id,
          name: task.assignee?.full_name || task.assignee?.email || t('unknown_person'),
        },
  );
  const [nameMissing, setNameMissing] = useState(false);
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('edit_title', { name: task.name })}
      width="sm"
      footer={<FormFooter form={FORM_ID} submit={ui('save')} busy={update.isPending} onCancel={onClose} />}
    >
      <form
        id={FORM_ID}
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const name = formText(form, 'name').trim();
          setNameMissing(!name);
          if (!name) return;
          const change = {
            name,
            description: formText(form, 'description'),
            due_at: dueTime(formText(form, 'due')),
            assignee_id: assignee?.user_id ?? null,
          };
          update.mutate({ task, ...change }, { onSuccess: onClose });
        }}
      >
        <Field label={t('form.name')} error={nameMissing ? t('form.name_missing') : undefined}>
          <Input name="name" defaultValue={task.name} maxLength={200} required autoComplete="off" />
        </Field>
        <div className="flex flex-col gap-1.5">
          <span className="text-sm font-medium">{t('form.assignee')}</span>
          <MemberCombobox
            projectId={dataset.project_id}
            label={t('form.assignee')}
            nobody={t('nobody')}
            value={assignee}
            onChange={setAssignee}
            workers
          />
        </div>
        <Field label={t('form.due')} optional={ui('optional')}>
          <Input name="due" type="date" defaultValue={dueInput(task.due_at)} />
        </Field>
        <Field label={t('form.description')} optional={ui('optional')}>
          <TextArea name="description" defaultValue={task.description} rows={2} maxLength={5_000} />
        </Field>
      </form>
    </Dialog>
  );
}
