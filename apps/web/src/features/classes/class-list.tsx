'use client';

import { ApiError, type Dataset, type LabelClass } from '@labelyard/contract';
import { can, normaliseClassName, type TaskType } from '@labelyard/domain';
import { useQuery } from '@tanstack/react-query';
import { Tags } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { TabPanel, Tabs } from '@/ui/tabs';
import { AddClasses } from './add-classes';
import { useClassActions } from './class-actions';
import { classQuery } from './class-queries';
import { ClassRows } from './class-rows';
import { moveItem } from './reorder';

/** All classes of a dataset, one list per task type. */
export function ClassList({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('classes');
  const types = useTranslations('task_types');
  const format = useFormatter();
  const errorText = useErrorText();
  const [chosen, setChosen] = useState<TaskType | undefined>(dataset.task_types[0]);
  const query = useQuery(classQuery(dataset.project_id));
  const taskType = chosen && dataset.task_types.includes(chosen) ? chosen : dataset.task_types[0];
  if (query.isPending) return <ListSkeleton />;
  if (query.isError && !query.data)
    return <ErrorState {...errorText(query.error)} onRetry={() => void query.refetch()} />;
  if (!taskType) return null;
  const of = (type: TaskType) => query.data.items.filter((item) => item.task_type === type);
  return (
    <Tabs
      label={t('per_task_type')}
      value={taskType}
      onChange={setChosen}
      tabs={dataset.task_types.map((type) => ({
        value: type,
        label: types(type),
        count: format.number(of(type).length),
      }))}
      className="pt-4"
    >
      <TabPanel value={taskType} className="pt-6">
        <TypeClasses key={taskType} dataset={dataset} taskType={taskType} classes={of(taskType)} />
      </TabPanel>
    </Tabs>
  );
}

function TypeClasses({
  dataset,
  taskType,
  classes,
}: {
  dataset: Dataset;
  taskType: TaskType;
  classes: readonly LabelClass[];
}) {
  const t = useTranslations('classes');
  const editable = can(dataset.role, 'class.manage');
  const actions = useClassActions(dataset.project_id);
  const [deleting, setDeleting] = useState<LabelClass>();

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div>
        {editable ? (
          <AddClasses
            taskType={taskType}
            taken={new Set(classes.map((item) => normaliseClassName(item.name)))}
            create={actions.create}
          />
        ) : null}
        {classes.length === 0 ? (
          <EmptyState icon={<Tags aria-hidden />} title={t('empty.title')}>
            {t(editable ? 'empty.text' : 'empty.text_viewer')}
          </EmptyState>
        ) : (
          <ClassRows
            classes={classes}
            editable={editable}
            update={actions.update}
            onMove={(from, to) =>
              actions.reorder.mutate({
                task_type: taskType,
                class_ids: moveItem(classes, from, to).map((item) => item.id),
              })
            }
            onDelete={setDeleting}
          />
        )}
      </div>
      <aside className="order-first h-fit border-l-2 border-accent pl-4 text-sm text-muted lg:order-none">
        <p className="font-medium text-text">{t('order.title')}</p>
        <p className="mt-1">{t('order.text')}</p>
        {editable ? <p className="mt-2">{t('order.keys')}</p> : null}
      </aside>
      {deleting ? (
        <DeleteClassDialog item={deleting} remove={actions.remove} onClose={() => setDeleting(undefined)} />
      ) : null}
    </div>
  );
}

function DeleteClassDialog({
  item,
  remove,
  onClose,
}: {
  item: LabelClass;
  remove: ReturnType<typeof useClassActions>['remove'];
  onClose: () => void;
}) {
  const t = useTranslations('classes');
  const ui = useTranslations('ui');
  const errorText = useErrorText();
  const inUse = remove.error instanceof ApiError && remove.error.code === 'in_use';
  const close = () => {
    remove.reset();
    onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      width="sm"
      title={t('delete_title', { name: item.name })}
      footer={
        <>
          <Button onClick={close}>{ui(inUse ? 'close' : 'cancel')}</Button>
          {inUse ? null : (
            <Button
              variant="danger"
              busy={remove.isPending}
              onClick={() => remove.mutate(item.id, { onSuccess: close })}
            >
              {ui('delete')}
            </Button>
          )}
        </>
      }
    >
      {remove.error ? (
        <p role="alert" className="text-danger">
          {inUse
            ? t('in_use', { name: item.name, count: usedBy(remove.error) })
            : `${errorText(remove.error).title}. ${errorText(remove.error).detail}`}
        </p>
      ) : (
        <p className="text-muted">{t('delete_text')}</p>
      )}
    </Dialog>
  );
}

/** How many annotations keep the class, as far as the server counted (to 1,000); 0 when it did not say. */
function usedBy(error: unknown): number {
  const details = error instanceof ApiError ? (error.details as { annotations?: unknown } | undefined) : undefined;
  return typeof details?.annotations === 'number' ? details.annotations : 0;
}
