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
import { TaskItem } from './task-item';
import { walkPath } from './task-links';
import { possibleMoves } from './task-progress';
import { useTaskActions } from './use-task-actions';

const MOVE_ICONS = {
  submit: <Send aria-hidden />,
  hand_back: <Undo2 aria-hidden />,
  complete: <CircleCheck aria-hidden />,
  send_back: <Undo2 aria-hidden />,
  reopen: <Undo2 aria-hidden />,
} as const;

/** One task: what it is, who has it, how far it is, and what can be done with it. */
export function TaskRow({ dataset, task, me }: { dataset: Dataset; task: AnnotationTask; me: Me | undefined }) {
  const t = useTranslations('tasks');
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
    <TaskItem
      task={task}
      person={
        task.assignee_id === null ? (
          <span className="text-faint">{t('nobody')}</span>
        ) : (
          <>
            <Avatar name={name} color={task.assignee?.badge_color} />
            <span className="truncate">{mine ? t('you', { name }) : name}</span>
          </>
        )
      }
    >
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
    </TaskItem>
  );
}
