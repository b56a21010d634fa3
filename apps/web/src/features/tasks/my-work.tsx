'use client';

import type { MyTask, ReworkImage } from '@labelyard/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CircleX, Coffee, PenTool } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { Button } from '@/ui/button';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { TaskItem, TaskItems } from './task-item';
import { walkPath } from './task-links';
import { myTasksQuery, reworkQuery } from './task-queries';

/** Everything one person has to do, over all projects: what came back from review first. */
export function MyWork() {
  const t = useTranslations('tasks');
  const errorText = useErrorText();
  const tasks = useInfiniteQuery(myTasksQuery());
  const rework = useQuery(reworkQuery());
  const items = tasks.data?.pages.flatMap((page) => page.items) ?? [];
  const back = rework.data?.items ?? [];
  return (
    <div className="pt-8">
      <h1 className="text-2xl font-semibold">{t('my_work')}</h1>
      {tasks.isPending || rework.isPending ? (
        <ListSkeleton />
      ) : tasks.isError || rework.isError ? (
        <ErrorState
          {...errorText(tasks.error ?? rework.error)}
          onRetry={() => void Promise.all([tasks.refetch(), rework.refetch()])}
        />
      ) : items.length === 0 && back.length === 0 ? (
        <EmptyState icon={<Coffee aria-hidden />} title={t('nothing_to_do')}>
          {t('nothing_to_do_text')}
        </EmptyState>
      ) : (
        <>
          {back.length > 0 ? (
            <section aria-label={t('rework')} className="mt-6">
              <h2 className="flex items-center gap-2 text-lg font-semibold">
                <CircleX aria-hidden className="size-4.5 text-danger" />
                {t('rework')}
              </h2>
              <p className="text-sm text-muted">{t('rework_text')}</p>
              <ul className="mt-2">
                {back.map((image) => (
                  <ReworkRow key={`${image.image_id} ${image.task_type}`} image={image} />
                ))}
              </ul>
            </section>
          ) : null}
          {items.length > 0 ? (
            <section aria-label={t('mine')} className="mt-8">
              <h2 className="text-lg font-semibold">{t('mine')}</h2>
              <TaskItems>
                {items.map((task) => (
                  <MyTaskRow key={task.id} task={task} />
                ))}
              </TaskItems>
              {tasks.hasNextPage ? (
                <EndMarker loading={tasks.isFetchingNextPage} onReach={() => void tasks.fetchNextPage()} />
              ) : null}
            </section>
          ) : null}
        </>
      )}
    </div>
  );
}

function ReworkRow({ image }: { image: ReworkImage }) {
  const types = useTranslations('task_types');
  return (
    <li className="border-b">
      <Link
        href={walkPath(image.dataset_id, image.task_type, { image_id: image.image_id, task_id: image.task_id })}
        className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-2.5 hover:bg-hover"
      >
        <span className="min-w-0 truncate font-medium">{image.path}</span>
        <span className="text-sm text-muted">{types(image.task_type)}</span>
        <span className="ml-auto text-sm text-muted">{image.dataset_name}</span>
      </Link>
    </li>
  );
}

function MyTaskRow({ task }: { task: MyTask }) {
  const t = useTranslations('tasks');
  return (
    <TaskItem
      task={task}
      project={
        <Link href={`/datasets/${task.dataset_id}/tasks`} className="truncate underline hover:text-text">
          {task.dataset_name}
        </Link>
      }
    >
      <Button asChild size="sm" variant={task.state === 'submitted' ? 'secondary' : 'primary'}>
        <Link href={walkPath(task.dataset_id, task.task_type, { task_id: task.id, image_id: task.next_image_id })}>
          <PenTool aria-hidden />
          {t(task.state === 'submitted' ? 'open' : 'continue')}
          <span className="sr-only">{task.name}</span>
        </Link>
      </Button>
    </TaskItem>
  );
}
