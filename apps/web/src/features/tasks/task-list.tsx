'use client';

import type { Dataset } from '@labelyard/contract';
import { can, TASK_STATES, type TaskState } from '@labelyard/domain';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ListChecks, Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { EndMarker } from '@/features/datasets/end-marker';
import { meQuery } from '@/features/session/me-query';
import { Button } from '@/ui/button';
import { Select } from '@/ui/select';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { SplitDialog } from './split-dialog';
import { SplitStatus } from './split-status';
import { TaskItems } from './task-item';
import { taskListQuery } from './task-queries';
import { TaskRow } from './task-row';

const ANY = 'any';

/** Who works on what: the person's own tasks on top, then all of the project. */
export function TaskList({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('tasks');
  const errorText = useErrorText();
  const [state, setState] = useState<TaskState | typeof ANY>(ANY);
  const [splitting, setSplitting] = useState(false);
  const { data: me } = useQuery(meQuery());
  const mine = useInfiniteQuery(taskListQuery(dataset.project_id, { assignee: 'me' }));
  const all = useInfiniteQuery(taskListQuery(dataset.project_id, state === ANY ? {} : { state }));
  const own = (mine.data?.pages.flatMap((page) => page.items) ?? []).filter((task) => task.state !== 'completed');
  const tasks = all.data?.pages.flatMap((page) => page.items) ?? [];
  const manages = can(dataset.role, 'task.manage');
  const splitButton = manages ? (
    <Button variant="primary" icon={<Split aria-hidden />} onClick={() => setSplitting(true)}>
      {t('split')}
    </Button>
  ) : null;

  // One's own tasks stand above the others, and would push them down if they came later.
  if (mine.isPending) return <ListSkeleton />;
  return (
    <div className="pt-6">
      {own.length > 0 ? (
        <section aria-label={t('mine')} className="mb-8">
          <h2 className="text-lg font-semibold">{t('mine')}</h2>
          <TaskItems withPeople>
            {own.map((task) => (
              <TaskRow key={task.id} dataset={dataset} task={task} me={me} />
            ))}
          </TaskItems>
        </section>
      ) : null}
      <SplitStatus dataset={dataset} />
      <section aria-label={t('all')}>
        <div className="flex flex-wrap items-center gap-2">
          <h2 className="mr-auto text-lg font-semibold">{t('all')}</h2>
          <Select<TaskState | typeof ANY>
            label={t('filter')}
            value={state}
            onChange={setState}
            options={[
              { value: ANY, label: t('any_state') },
              ...TASK_STATES.map((value) => ({ value, label: t(`states.${value}`) })),
            ]}
          />
          {tasks.length > 0 || state !== ANY ? splitButton : null}
        </div>
        {all.isPending ? (
          <ListSkeleton />
        ) : all.isError && !all.data ? (
          <ErrorState {...errorText(all.error)} onRetry={() => void all.refetch()} />
        ) : tasks.length === 0 ? (
          <EmptyState
            icon={<ListChecks aria-hidden />}
            title={t(state === ANY ? 'empty' : 'none_found')}
            action={state === ANY ? splitButton : undefined}
          >
            {state === ANY ? t(manages ? 'empty_text' : 'empty_text_worker') : null}
          </EmptyState>
        ) : (
          <TaskItems withPeople>
            {tasks.map((task) => (
              <TaskRow key={task.id} dataset={dataset} task={task} me={me} />
            ))}
          </TaskItems>
        )}
        {all.hasNextPage ? (
          <EndMarker loading={all.isFetchingNextPage} onReach={() => void all.fetchNextPage()} />
        ) : null}
      </section>
      {splitting ? <SplitDialog dataset={dataset} onClose={() => setSplitting(false)} /> : null}
    </div>
  );
}
