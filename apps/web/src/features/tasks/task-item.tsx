import type { AnnotationTask } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { classNames } from '@/ui/class-names';
import { DueDate, TaskProgress, TaskStateBadge } from './task-state';

/** Tasks below each other: one width per column for all of them, whatever their buttons say. */
export function TaskItems({ withPeople = false, children }: { withPeople?: boolean; children: ReactNode }) {
  return (
    <ul
      className={classNames(
        'md:grid md:gap-x-6',
        withPeople
          ? 'md:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1fr)_auto]'
          : 'md:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_auto]',
      )}
    >
      {children}
    </ul>
  );
}

/** One of them: what it is, who has it (where that is told), how far it is; `children` is what can be done with it. */
export function TaskItem({
  task,
  project,
  person,
  children,
}: {
  task: AnnotationTask;
  project?: ReactNode;
  person?: ReactNode;
  children: ReactNode;
}) {
  const t = useTranslations('tasks');
  const types = useTranslations('task_types');
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-6 gap-y-3 border-b py-3.5 md:col-span-full md:grid-cols-subgrid">
      <div className="min-w-0">
        <div className="flex min-w-0 items-center gap-2">
          <h3 className="truncate font-medium" title={task.name}>
            {task.name}
          </h3>
          <TaskStateBadge state={task.state} />
        </div>
        <p className="mt-0.5 flex flex-wrap items-center gap-x-3 text-sm text-muted">
          {project}
          <span>{types(task.task_type)}</span>
          <DueDate task={task} />
        </p>
        {task.note && task.state !== 'completed' ? (
          <p className="mt-1 truncate text-sm text-warning" title={task.note}>
            {t('note', { note: task.note })}
          </p>
        ) : null}
      </div>
      {person ? <div className="flex min-w-0 items-center gap-2.5 text-sm max-md:order-3">{person}</div> : null}
      <TaskProgress task={task} className={classNames('min-w-0 max-md:order-4', !person && 'max-md:col-span-2')} />
      {children}
    </li>
  );
}
