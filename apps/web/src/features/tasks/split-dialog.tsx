'use client';

import type { Dataset, SplitBody } from '@labelyard/contract';
import { IMAGE_STATUSES, type ImageStatus, type TaskType } from '@labelyard/domain';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState } from 'react';
import { api } from '@/api';
import { MemberCombobox, type MemberChoice } from '@/features/members/member-combobox';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { Checkbox, RadioGroup } from '@/ui/choice';
import { Dialog } from '@/ui/dialog';
import { Field, Input } from '@/ui/field';
import { IconButton } from '@/ui/icon-button';
import { Select } from '@/ui/select';
import { toast } from '@/ui/toast-store';
import { dueTime } from './due-input';
import { SplitResult } from './split-result';
import { useTaskActions } from './use-task-actions';

type By = 'none' | 'count' | 'size' | 'folder';
const ANY = 'any';

/** Divides images among people: the rule on the left, what will come of it on the right. */
export function SplitDialog({
  dataset,
  imageIds,
  onMade,
  onClose,
}: {
  dataset: Dataset;
  /** Images chosen by hand; all that are in no task yet when absent. */
  imageIds?: readonly number[];
  onMade?: () => void;
  onClose: () => void;
}) {
  const t = useTranslations('tasks');
  const ui = useTranslations('ui');
  const types = useTranslations('task_types');
  const statuses = useTranslations('image_status');
  const { create, wordsFor } = useTaskActions(dataset.project_id);
  const [name, setName] = useState(t('form.default_name'));
  const [type, setType] = useState<TaskType>(dataset.task_types[0] ?? 'detection');
  const [by, setBy] = useState<By>(imageIds ? 'none' : 'size');
  const [amount, setAmount] = useState({ count: '4', size: '100', folder: '1' });
  const [status, setStatus] = useState<ImageStatus | typeof ANY>(ANY);
  const [folder, setFolder] = useState('');
  const [shuffle, setShuffle] = useState(false);
  const [seed] = useState(() => String(Date.now()));
  const [people, setPeople] = useState<readonly MemberChoice[]>([]);
  const [due, setDue] = useState('');

  const number = by === 'none' ? 1 : Number(amount[by]);
  const sound = name.trim() !== '' && Number.isInteger(number) && number >= 1;
  const body: SplitBody = {
    task_type: type,
    name: name.trim() || t('form.default_name'),
    due_at: dueTime(due),
    ...(imageIds && { image_ids: [...imageIds] }),
    ...(status !== ANY && { status }),
    ...(folder.trim() && { folder: folder.trim() }),
    rule:
      by === 'none'
        ? { by }
        : by === 'count'
          ? { by, count: number }
          : by === 'size'
            ? { by, size: number }
            : { by, depth: number },
    shuffle_seed: shuffle ? seed : null,
    assignees: people.map(({ user_id }) => user_id),
  };
  const wanted = useDeferredValue(body);
  const preview = useQuery({
    queryKey: [...queryKeys.tasks(dataset.project_id), 'preview', wanted],
    queryFn: ({ signal }) =>
      api('tasks.preview', { params: { project_id: dataset.project_id }, body: wanted }, { signal }),
    enabled: sound,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const failure = create.error ?? preview.error;
  const nothing = preview.data?.image_count === 0;

  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={t('split')}
      description={imageIds ? t('split_chosen', { count: imageIds.length }) : t('split_explain')}
      width="lg"
      footer={
        <>
          <Button onClick={onClose}>{ui('cancel')}</Button>
          <Button
            variant="primary"
            busy={create.isPending}
            disabled={!sound || nothing || preview.isError}
            onClick={() =>
              create.mutate(body, {
                onSuccess: ({ items, split }) => {
                  toast.success(split ? t('splitting.begun') : t('made', { count: items.length }));
                  onMade?.();
                  onClose();
                },
              })
            }
          >
            {t('form.submit', { count: preview.data?.tasks.length ?? 0 })}
          </Button>
        </>
      }
    >
      <div className="grid gap-8 md:grid-cols-2">
        <form className="flex flex-col gap-5" onSubmit={(event) => event.preventDefault()}>
          <Field label={t('form.name')} error={name.trim() === '' ? t('form.name_missing') : undefined}>
            <Input value={name} onChange={(event) => setName(event.target.value)} maxLength={200} autoComplete="off" />
          </Field>
          {dataset.task_types.length > 1 ? (
            <Field label={t('form.task_type')}>
              <Select<TaskType>
                value={type}
                onChange={setType}
                options={dataset.task_types.map((value) => ({ value, label: types(value) }))}
              />
            </Field>
          ) : null}
          <RadioGroup<By>
            legend={t('form.rule')}
            value={by}
            onChange={setBy}
            options={(['size', 'count', 'folder', 'none'] as const).map((value) => ({
              value,
              label: t(`rules.${value}`),
            }))}
          />
          {by === 'none' ? null : (
            <Field
              label={t(`amounts.${by}`)}
              error={Number.isInteger(number) && number >= 1 ? undefined : t('form.amount_wrong')}
            >
              <Input
                type="number"
                min={1}
                value={amount[by]}
                onChange={(event) => setAmount({ ...amount, [by]: event.target.value })}
              />
            </Field>
          )}
          {imageIds ? null : (
            <div className="grid gap-4 sm:grid-cols-2">
              <Field label={t('form.status')}>
                <Select<ImageStatus | typeof ANY>
                  value={status}
                  onChange={setStatus}
                  options={[
                    { value: ANY, label: t('form.any_status') },
                    ...IMAGE_STATUSES.map((value) => ({ value, label: statuses(value) })),
                  ]}
                />
              </Field>
              <Field label={t('form.folder')} optional={ui('optional')}>
                <Input value={folder} onChange={(event) => setFolder(event.target.value)} maxLength={1_000} />
              </Field>
            </div>
          )}
          <Checkbox checked={shuffle} onChange={setShuffle} label={t('form.shuffle')} hint={t('form.shuffle_hint')} />
          <Field label={t('form.due')} optional={ui('optional')}>
            <Input type="date" value={due} onChange={(event) => setDue(event.target.value)} />
          </Field>
          <div className="flex flex-col gap-1.5">
            <span className="text-sm font-medium">{t('form.people')}</span>
            <ul className="flex flex-wrap gap-1.5 empty:hidden">
              {people.map(({ user_id, name: label }) => (
                <li key={user_id} className="flex items-center rounded-full border pl-3 text-sm">
                  {label}
                  <IconButton
                    size="sm"
                    label={t('form.remove_person', { name: label })}
                    onClick={() => setPeople(people.filter((one) => one.user_id !== user_id))}
                  >
                    <X aria-hidden />
                  </IconButton>
                </li>
              ))}
            </ul>
            <MemberCombobox
              projectId={dataset.project_id}
              label={t('form.add_person')}
              nobody={t('form.add_person')}
              value={null}
              onChange={(person) => {
                if (person) setPeople([...people, person]);
              }}
              workers
              except={people.map(({ user_id }) => user_id)}
            />
            <p className="text-xs text-muted">{t('form.people_hint')}</p>
          </div>
        </form>
        <SplitResult
          preview={preview.data}
          pending={preview.isPending && sound}
          failure={failure ? wordsFor(failure) : null}
          nameOf={(user_id) => people.find((one) => one.user_id === user_id)?.name ?? user_id}
        />
      </div>
    </Dialog>
  );
}
