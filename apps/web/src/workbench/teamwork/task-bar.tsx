'use client';

import type { AnnotationTask, Dataset, Me } from '@labelyard/contract';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Send, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { useProjectEvents } from '@/features/events/use-project-events';
import { ReasonDialog } from '@/features/tasks/reason-dialog';
import { possibleMoves } from '@/features/tasks/task-progress';
import { taskQuery } from '@/features/tasks/task-queries';
import { DueDate, TaskProgress, TaskStateBadge } from '@/features/tasks/task-state';
import { useTaskActions } from '@/features/tasks/use-task-actions';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { useSession } from '../session/use-session';

/** The task whose images are walked through: how far it is, and handing it in or back. */
export function TaskBar({
  dataset,
  me,
  task_id,
  progressed,
}: {
  dataset: Dataset;
  me: Me;
  task_id: number;
  /** Changes whenever an image was confirmed or judged: the progress is read again. */
  progressed: string;
}) {
  const { project_id } = dataset;
  const queries = useQueryClient();
  const { data: task } = useQuery(taskQuery(project_id, task_id));
  useProjectEvents(project_id, (event) => {
    const mine = event.type === 'task' && (event.task_id === null || event.task_id === task_id);
    if (mine || event.type === 'resync')
      void queries.invalidateQueries({ queryKey: queryKeys.task(project_id, task_id) });
  });
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: queryKeys.task(project_id, task_id) });
  }, [queries, project_id, task_id, progressed]);
  return task ? (
    <LoadedBar dataset={dataset} me={me} task={task} />
  ) : (
    <div className="h-11 shrink-0 border-b bg-surface" />
  );
}

function LoadedBar({ dataset, me, task }: { dataset: Dataset; me: Me; task: AnnotationTask }) {
  const t = useTranslations('tasks');
  const session = useSession();
  const { move } = useTaskActions(dataset.project_id);
  const [handingBack, setHandingBack] = useState(false);
  const moves = possibleMoves(task, me.id, dataset.role);
  const mine = task.assignee_id === me.id;
  const begun = useRef(false);
  const { mutate } = move;

  useEffect(() => {
    // Opening one's task is beginning it.
    if (!mine || task.state !== 'pending' || begun.current) return;
    begun.current = true;
    mutate({ task, move: 'start' });
  }, [mine, task, mutate]);

  const submit = async () => {
    await session.outbox.flush();
    move.mutate({ task, move: 'submit' });
  };
  return (
    <section
      aria-label={t('bar')}
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-4 gap-y-1 border-b bg-surface px-3 py-1.5 text-sm"
    >
      <span className="flex min-w-0 items-center gap-2">
        <strong className="truncate font-medium">{task.name}</strong>
        <TaskStateBadge state={task.state} />
        <DueDate task={task} />
      </span>
      <TaskProgress task={task} className="w-52 max-md:hidden" />
      <span className="ml-auto flex gap-2">
        {mine && moves.includes('hand_back') ? (
          <Button size="sm" variant="ghost" icon={<Undo2 aria-hidden />} onClick={() => setHandingBack(true)}>
            {t('moves.hand_back')}
          </Button>
        ) : null}
        {mine && moves.includes('submit') ? (
          <Button size="sm" icon={<Send aria-hidden />} busy={move.isPending} onClick={() => void submit()}>
            {t('moves.submit')}
          </Button>
        ) : null}
      </span>
      {handingBack ? (
        <ReasonDialog
          title={t('moves.hand_back')}
          description={t('explain.hand_back')}
          label={t('reason')}
          submit={t('moves.hand_back')}
          busy={move.isPending}
          onClose={() => setHandingBack(false)}
          onSubmit={(reason) =>
            move.mutate({ task, move: 'hand_back', reason }, { onSuccess: () => setHandingBack(false) })
          }
        />
      ) : null}
    </section>
  );
}
