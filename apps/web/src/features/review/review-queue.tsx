'use client';

import type { Dataset, ReviewItem } from '@labelyard/contract';
import { can, type TaskType } from '@labelyard/domain';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CheckCheck, CircleX, ShieldCheck } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useErrorText } from '@/error-text';
import { classQuery } from '@/features/classes/class-queries';
import { EndMarker } from '@/features/datasets/end-marker';
import { MemberCombobox, type MemberChoice } from '@/features/members/member-combobox';
import { letterOf } from '@/features/navigation/use-hotkey';
import { ReasonDialog } from '@/features/tasks/reason-dialog';
import { walkPath } from '@/features/tasks/task-links';
import { Button } from '@/ui/button';
import { Combobox } from '@/ui/combobox';
import { Kbd } from '@/ui/kbd';
import { Select } from '@/ui/select';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { reviewQueueQuery, type ReviewFilter } from './review-queries';
import { ReviewRow, keyOf } from './review-row';
import { MOST_AT_ONCE, useReview } from './use-review';

const ANY = 'any';

/** What is done and waits for a reviewer, oldest first; judged one by one or many at once, by mouse or keyboard. */
export function ReviewQueue({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('review');
  const types = useTranslations('task_types');
  const errorText = useErrorText();
  const [filter, setFilter] = useState<ReviewFilter>({});
  const [annotator, setAnnotator] = useState<MemberChoice | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [rejecting, setRejecting] = useState<readonly ReviewItem[] | null>(null);
  const list = useInfiniteQuery(reviewQueueQuery(dataset.project_id, filter));
  const classes = useQuery(classQuery(dataset.project_id));
  const review = useReview(dataset.project_id);
  const rows = useRef<HTMLUListElement>(null);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const keepPlace = useKeptPlace(rows, items);
  const picked = items.filter((item) => chosen.has(keyOf(item)));
  const reviews = can(dataset.role, 'annotation.review');
  const narrowed = Object.values(filter).some((value) => value !== undefined);

  const change = (next: Partial<ReviewFilter>) => {
    setFilter({ ...filter, ...next });
    setChosen(new Set());
  };
  const toggle = (item: ReviewItem) => {
    const next = new Set(chosen);
    if (!next.delete(keyOf(item)) && next.size < MOST_AT_ONCE) next.add(keyOf(item));
    setChosen(next);
  };
  const verify = (some: readonly ReviewItem[]) => {
    if (review.isPending || some.length === 0) return;
    review.mutate({ decision: 'verify', items: some }, { onSuccess: () => setChosen(new Set()) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-row]');
    const index = Number(row?.dataset.row ?? -1);
    const item = items[index];
    if (!item) return;
    const some = picked.length > 0 ? picked : [item];
    const judge = (deed: () => void) => () => {
      keepPlace(index);
      deed();
    };
    const focus = (to: number) => rows.current?.querySelector<HTMLElement>(`[data-row="${to}"] a`)?.focus();
    const keys: Record<string, () => void> = {
      ArrowDown: () => focus(index + 1),
      j: () => focus(index + 1),
      ArrowUp: () => focus(index - 1),
      k: () => focus(index - 1),
      x: () => toggle(item),
      ...(reviews && { v: judge(() => verify(some)), r: judge(() => setRejecting(some)) }),
    };
    const run = keys[letterOf(event)];
    if (!run) return;
    event.preventDefault();
    run();
  };

  return (
    <div className="pt-6">
      <div className="flex flex-wrap items-center gap-2">
        {dataset.task_types.length > 1 ? (
          <Select<TaskType | typeof ANY>
            label={t('filter.task_type')}
            value={filter.task_type ?? ANY}
            onChange={(value) => change({ task_type: value === ANY ? undefined : value })}
            options={[
              { value: ANY, label: t('filter.all_task_types') },
              ...dataset.task_types.map((value) => ({ value, label: types(value) })),
            ]}
          />
        ) : null}
        <MemberCombobox
          projectId={dataset.project_id}
          label={t('filter.annotator')}
          nobody={t('filter.everybody')}
          value={annotator}
          onChange={(person) => {
            setAnnotator(person);
            change({ annotator: person?.user_id });
          }}
        />
        {classes.data && classes.data.items.length > 0 ? (
          <Combobox
            label={t('filter.class')}
            value={filter.class_id ? String(filter.class_id) : ANY}
            onChange={(value) => change({ class_id: value === ANY ? undefined : Number(value) })}
            options={[
              { value: ANY, label: t('filter.all_classes') },
              ...classes.data.items.map((one) => ({ value: String(one.id), label: one.name })),
            ]}
          />
        ) : null}
        <div className="ml-auto flex gap-2">
          {reviews && picked.length > 0 ? (
            <>
              <Button icon={<CircleX aria-hidden />} onClick={() => setRejecting(picked)}>
                {t('reject_chosen', { count: picked.length })}
              </Button>
              <Button
                variant="primary"
                icon={<CheckCheck aria-hidden />}
                busy={review.isPending}
                onClick={() => verify(picked)}
              >
                {t('verify_chosen', { count: picked.length })}
              </Button>
            </>
          ) : items[0] ? (
            <Button asChild variant="primary">
              <Link href={walkPath(dataset.id, items[0].task_type, { review: true, image_id: items[0].image.id })}>
                <ShieldCheck aria-hidden />
                {t(reviews ? 'begin' : 'look')}
              </Link>
            </Button>
          ) : null}
        </div>
      </div>
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && !list.data ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : items.length === 0 ? (
        <EmptyState icon={<ShieldCheck aria-hidden />} title={t(narrowed ? 'none_found' : 'empty')}>
          {narrowed ? null : t('empty_text')}
        </EmptyState>
      ) : (
        <>
          {reviews ? (
            <p className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted max-md:hidden">
              {(['verify', 'reject', 'choose', 'open'] as const).map((what) => (
                <span key={what} className="inline-flex items-center gap-1">
                  <Kbd keys={{ verify: 'V', reject: 'R', choose: 'X', open: 'Enter' }[what]} />
                  {t(`keys.${what}`)}
                </span>
              ))}
            </p>
          ) : null}
          <ul ref={rows} aria-label={t('queue')} className="mt-2" onKeyDown={onKeyDown}>
            {items.map((item, index) => (
              <ReviewRow
                key={keyOf(item)}
                dataset={dataset}
                item={item}
                index={index}
                chosen={chosen.has(keyOf(item))}
                onToggle={reviews ? () => toggle(item) : null}
              />
            ))}
          </ul>
          {list.hasNextPage ? (
            <EndMarker loading={list.isFetchingNextPage} onReach={() => void list.fetchNextPage()} />
          ) : null}
        </>
      )}
      {rejecting ? (
        <ReasonDialog
          title={t('reject_title', { count: rejecting.length })}
          description={t('reject_explain')}
          label={t('reject_reason')}
          submit={t('reject')}
          danger
          busy={review.isPending}
          onClose={() => setRejecting(null)}
          onSubmit={(comment) =>
            review.mutate(
              { decision: 'reject', items: rejecting, comment },
              {
                onSuccess: () => {
                  setRejecting(null);
                  setChosen(new Set());
                },
              },
            )
          }
        />
      ) : null}
    </div>
  );
}

/** Whoever judges by keyboard goes on where they are when the row under their hands is done and gone. */
function useKeptPlace(rows: RefObject<HTMLUListElement | null>, items: readonly ReviewItem[]): (index: number) => void {
  const place = useRef<number | null>(null);
  useEffect(() => {
    if (place.current === null || document.activeElement !== document.body) return;
    const links = rows.current?.querySelectorAll<HTMLElement>('[data-row] a');
    links?.item(Math.min(place.current, links.length - 1))?.focus();
    place.current = null;
  }, [items, rows]);
  return (index) => {
    place.current = index;
  };
}
