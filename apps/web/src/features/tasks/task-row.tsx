'use client';

import type { AnnotationTask, Dataset, Me } from '@labelyard/contract';
import { can, type TaskMove } from '@labelyard/domain';
import { CircleCheck, Images, MoreHorizontal, PenTool, Send, ShieldCheck, Trash2, Undo2, UserPen } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Avatar } from '@/ui/avatar';
import { Button } from '@/ui/button';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { IconButton } from '@/ui/icon-button';
import { Menu, MenuItem, MenuSeparator } from '@/ui/menu';
import { EditTaskDialog } from './edit-task-dialog';
import { ReasonDialog } from './reason-dialog';
import { walkPath } from './task-links';
import { possibleMoves } from './task-progress';
import { DueDate, TaskProgress, TaskStateBadge } from './task-state';
import { useTaskActions } from './use-task-actions';

const MOVE_ICONS = {
  submit: <Send aria-hidden />,
  hand_back: <Undo2 aria-hidden />,
  complete: <CircleCheck aria-hidden />,
  send_back: <Undo2 aria-hidden />,
  reopen: <Undo2 aria-hidden />,
} as const;

/** What rows lie in: one width per column for all of them, whatever their buttons say. */
export const TASK_COLUMNS = 'md:grid md:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_minmax(0,1fr)_auto] md:gap-x-6';

/** One task: what it is, who has it, how far it is, and what can be done with it. */
export function TaskRow({ dataset, task, me }: { dataset: Dataset; task: AnnotationTask; me: Me | undefined }) {
  const t = useTranslations('tasks');
  const types = useTranslations('task_types');
  const images = useTranslations('task_images');
  const router = useRouter();
  const { move, remove } = useTaskActions(dataset.project_id);
  const [asking, setAsking] = useState<'hand_back' | 'send_back' | 'edit' | 'dissolve' | null>(null);
  const moves = me ? possibleMoves(task, me.id, dataset.role) : [];
  const mine = task.assignee_id !== null && task.assignee_id === me?.id;
  const reviewing = task.state === 'submitted' && can(dataset.role, 'annotation.review');
  const name = task.assignee?.full_name || task.assignee?.email || t('unknown_person');
  const choose = (next: TaskMove) => {
    if (next === 'hand_back' || next === 'send_back') setAsking(next);
    else move.mutate({ task, move: next });
  };

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
          <span>{types(task.task_type)}</span>
          <DueDate task={task} />
        </p>
        {task.note && task.state !== 'completed' ? (
          <p className="mt-1 truncate text-sm text-warning" title={task.note}>
            {t('note', { note: task.note })}
          </p>
        ) : null}
      </div>
      <div className="flex min-w-0 items-center gap-2.5 text-sm max-md:order-3">
        {task.assignee_id === null ? (
          <span className="text-faint">{t('nobody')}</span>
        ) : (
          <>
            <Avatar name={name} color={task.assignee?.badge_color} />
            <span className="truncate">{mine ? t('you', { name }) : name}</span>
          </>
        )}
      </div>
      <TaskProgress task={task} className="min-w-0 max-md:order-4" />
      <div className="flex items-center justify-end gap-1.5">
        <Button asChild size="sm" variant={(mine && task.state !== 'submitted') || reviewing ? 'primary' : 'secondary'}>
          <Link
            href={walkPath(dataset.id, task.task_type, {
              task_id: task.id,
              image_id: reviewing ? null : task.next_image_id,
              review: reviewing,
            })}
          >
            {reviewing ? <ShieldCheck aria-hidden /> : <PenTool aria-hidden />}
            {t(reviewing ? 'review' : mine ? 'continue' : 'open')}
            <span className="sr-only">{task.name}</span>
          </Link>
        </Button>
        {moves.length > 0 || can(dataset.role, 'task.manage') ? (
          <Menu
            trigger={
              <IconButton label={t('actions', { name: task.name })} size="sm">
                <MoreHorizontal aria-hidden />
              </IconButton>
            }
          >
            {moves.map((next) => (
              <MenuItem
                key={next}
                icon={MOVE_ICONS[next as keyof typeof MOVE_ICONS]}
                onSelect={() => choose(next)}
                disabled={move.isPending}
              >
                {t(`moves.${next as keyof typeof MOVE_ICONS}`)}
              </MenuItem>
            ))}
            {can(dataset.role, 'task.manage') ? (
              <>
                {moves.length > 0 ? <MenuSeparator /> : null}
                <MenuItem
                  icon={<Images aria-hidden />}
                  onSelect={() => router.push(`/datasets/${dataset.id}?task_id=${task.id}`)}
                >
                  {images('show')}
                </MenuItem>
                <MenuItem icon={<UserPen aria-hidden />} onSelect={() => setAsking('edit')}>
                  {t('edit')}
                </MenuItem>
                <MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => setAsking('dissolve')}>
                  {t('dissolve')}
                </MenuItem>
              </>
            ) : null}
          </Menu>
        ) : null}
      </div>
      {asking === 'edit' ? (
        <EditTaskDialog dataset={dataset} task={task} onClose={() => setAsking(null)} />
      ) : asking === 'dissolve' ? (
        <ConfirmDialog
          title={t('dissolve_title', { name: task.name })}
          confirm={t('dissolve')}
          busy={remove.isPending}
          onConfirm={() => remove.mutate(task, { onSettled: () => setAsking(null) })}
          onClose={() => setAsking(null)}
        >
          <p className="text-sm">{t('dissolve_text', { count: task.image_count })}</p>
        </ConfirmDialog>
      ) : asking ? (
        <ReasonDialog
          title={t(`moves.${asking}`)}
          description={t(`explain.${asking}`)}
          label={t('reason')}
          submit={t(`moves.${asking}`)}
          busy={move.isPending}
          onClose={() => setAsking(null)}
          onSubmit={(reason) => move.mutate({ task, move: asking, reason }, { onSuccess: () => setAsking(null) })}
        />
      ) : null}
    </li>
  );
}
