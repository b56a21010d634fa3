import type { AnnotationTask } from '@labelyard/contract';
import { IMAGE_STATUSES, type TaskState } from '@labelyard/domain';
import { CalendarClock } from 'lucide-react';
import { useFormatter, useNow, useTranslations } from 'next-intl';
import { STATUS_LOOK } from '@/features/images/status';
import { Badge, type BadgeTone } from '@/ui/badge';
import { Scale } from '@/ui/progress';
import { doneImages, dueTone } from './task-progress';

const TONES: Readonly<Record<TaskState, BadgeTone>> = {
  pending: 'neutral',
  in_progress: 'info',
  submitted: 'accent',
  completed: 'success',
};

export function TaskStateBadge({ state }: { state: TaskState }) {
  const t = useTranslations('tasks.states');
  return <Badge tone={TONES[state]}>{t(state)}</Badge>;
}

/** The due date, louder the nearer it is. */
export function DueDate({ task }: { task: AnnotationTask }) {
  const t = useTranslations('tasks');
  const format = useFormatter();
  const now = useNow();
  if (task.due_at === null) return null;
  const tone = dueTone(task, now.getTime());
  const date = format.dateTime(new Date(task.due_at), { dateStyle: 'medium' });
  return (
    <Badge tone={tone} icon={<CalendarClock aria-hidden />} className="bg-transparent px-0">
      {t(tone === 'danger' ? 'overdue' : 'due', { date })}
    </Badge>
  );
}

/** How far a task is, as a scale of its images' statuses. */
export function TaskProgress({ task, className }: { task: AnnotationTask; className?: string }) {
  const t = useTranslations('tasks');
  const statuses = useTranslations('image_status');
  const done = doneImages(task);
  return (
    <div className={className}>
      <Scale
        label={t('progress', { done, total: task.image_count })}
        ticks={false}
        parts={[...IMAGE_STATUSES].reverse().map((status) => ({
          key: status,
          value: task.progress[status],
          color: STATUS_LOOK[status].color,
          label: statuses(status),
        }))}
      />
      <p className="tabular mt-1 flex flex-wrap gap-x-3 text-xs text-muted">
        <span>{t('progress', { done, total: task.image_count })}</span>
        {task.progress.rejected > 0 ? (
          <span className="text-danger">{t('rejected_images', { count: task.progress.rejected })}</span>
        ) : null}
      </p>
    </div>
  );
}
