'use client';

import type { Dataset, ImageMoment, LabelClass, ProjectImage, Restore } from '@labelyard/contract';
import { can, HISTORY_ACTIONS, type Geometry } from '@labelyard/domain';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { ChevronLeft, ChevronRight, RotateCcw } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { Dialog } from '@/ui/dialog';
import { IconButton } from '@/ui/icon-button';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { toast } from '@/ui/toast-store';
import { useAuthorName } from './author';
import { BroughtBack } from './brought-back';
import { ChangeList } from './change-list';
import type { NameOfClass } from './change-words';
import { RestoreCounts } from './restore-counts';
import { ShapeOverlay } from './shape-overlay';
import { momentsQuery, pastImageQuery } from './time-travel-queries';
import { WholeImageLabels } from './whole-image-labels';

const CLASSLESS = '#9aa3a0';

interface ImagePastProps {
  readonly dataset: Dataset;
  readonly image: ProjectImage;
  readonly classes: readonly LabelClass[];
  readonly onOpenChange: (open: boolean) => void;
  /** The image was brought back: what is shown of it is not true any more. */
  readonly onRestored: () => void;
}

/** An image through time: each change of it, how it looked after, and the way back there. */
export function ImagePast(props: ImagePastProps) {
  const t = useTranslations('time_travel');
  const errorText = useErrorText();
  const { dataset, image } = props;
  const list = useInfiniteQuery(momentsQuery(dataset.project_id, image.id));
  const moments = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Dialog open onOpenChange={props.onOpenChange} title={t('title')} description={image.path} width="xl">
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError && moments.length === 0 ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : moments.length === 0 ? (
        <EmptyState icon={<RotateCcw aria-hidden />} title={t('empty')} />
      ) : (
        <Moments
          {...props}
          moments={moments}
          more={list.hasNextPage ? () => void list.fetchNextPage() : null}
          loading={list.isFetchingNextPage}
        />
      )}
    </Dialog>
  );
}

function Moments({
  dataset,
  image,
  classes,
  moments,
  more,
  loading,
  onRestored,
}: ImagePastProps & {
  readonly moments: readonly ImageMoment[];
  readonly more: (() => void) | null;
  readonly loading: boolean;
}) {
  const t = useTranslations('time_travel');
  const format = useFormatter();
  const errorText = useErrorText();
  const authorName = useAuthorName();
  /** The time, not its place: new changes come in above. */
  const [chosen, setChosen] = useState(moments[0]?.at ?? '');
  const [pointed, setPointed] = useState<Geometry | null>(null);
  const index = Math.max(
    0,
    moments.findIndex(({ at }) => at === chosen),
  );
  const moment = moments[index] as ImageMoment;
  const state = useQuery(pastImageQuery(dataset.project_id, image.id, moment.at));
  const [restored, setRestored] = useState<Restore | null>(null);
  const restore = useMutation({
    mutationFn: (at: string) =>
      api('images.restore', { params: { project_id: dataset.project_id, image_id: image.id }, body: { at } }),
    onSuccess: (answer) => {
      setChosen('');
      setRestored(answer);
      onRestored();
    },
    onError: (error) => {
      const { title, detail } = errorText(error);
      toast.error(title, { detail });
    },
  });
  const go = (to: number) => setChosen(moments[Math.max(0, Math.min(moments.length - 1, to))]?.at ?? chosen);
  const when = (at: string) => format.dateTime(new Date(at), { dateStyle: 'medium', timeStyle: 'medium' });
  const styles = new Map(classes.map((one) => [one.id, one]));
  const nameOf: NameOfClass = (id) => styles.get(id ?? 0)?.name ?? t('no_class');
  const items = state.data?.past.items ?? [];
  const changes = state.data?.changes ?? [];
  const hasWork = state.data?.preview.counts.some(({ obstacle }) => obstacle === null) ?? false;
  const isNow = index === 0;
  return (
    <div className="flex flex-col gap-4 pb-1">
      <div
        className={classNames(
          'grid grid-cols-[minmax(0,1fr)] items-start gap-4 transition-opacity md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]',
          state.isPlaceholderData && 'opacity-60',
        )}
      >
        <div className="flex flex-col gap-4">
          <ShapeOverlay
            image={image}
            label={t('picture', { when: when(moment.at), count: items.length })}
            pointed={pointed}
            shapes={items.map(({ id, class_id, geometry }) => ({
              key: String(id),
              geometry,
              color: styles.get(class_id ?? 0)?.color ?? CLASSLESS,
              name: nameOf(class_id),
            }))}
          />
          <div className="flex items-center gap-2">
            <IconButton label={t('earlier')} disabled={index >= moments.length - 1} onClick={() => go(index + 1)}>
              <ChevronLeft aria-hidden />
            </IconButton>
            <input
              type="range"
              className="min-w-0 flex-1 accent-accent"
              aria-label={t('slider')}
              aria-valuetext={when(moment.at)}
              min={0}
              max={moments.length - 1}
              value={moments.length - 1 - index}
              onChange={(event) => go(moments.length - 1 - Number(event.target.value))}
            />
            <IconButton label={t('later')} disabled={isNow} onClick={() => go(index - 1)}>
              <ChevronRight aria-hidden />
            </IconButton>
          </div>
        </div>
        <div className="flex flex-col gap-3">
          {changes.length > 0 ? (
            <ChangeList label={t('changed_here')} items={changes} nameOf={nameOf} onShow={setPointed} />
          ) : null}
          <WholeImageLabels items={items} nameOf={nameOf} />
        </div>
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">
        <div className="flex min-w-0 flex-col">
          <ol aria-label={t('changes')} className="max-h-56 overflow-y-auto rounded-md border p-1" tabIndex={0}>
            {moments.map((one) => (
              <li key={`${one.at} ${one.user_id}`}>
                <button
                  type="button"
                  aria-current={one.at === moment.at || undefined}
                  onClick={() => setChosen(one.at)}
                  className={classNames(
                    'flex w-full flex-col rounded-sm px-2 py-1.5 text-left text-sm',
                    one.at === moment.at ? 'bg-accent-soft text-accent-text' : 'hover:bg-hover',
                  )}
                >
                  <span className="flex flex-wrap gap-x-2">
                    <span className="font-medium">{authorName(one)}</span>
                    <span>
                      {HISTORY_ACTIONS.filter((action) => one.counts[action])
                        .map((action) => t(`did.${action}`, { count: one.counts[action] ?? 0 }))
                        .join(', ')}
                    </span>
                  </span>
                  <time dateTime={one.at} className="tabular text-xs text-muted">
                    {when(one.at)}
                  </time>
                </button>
              </li>
            ))}
          </ol>
          {more ? (
            <Button size="sm" className="mt-2 self-start" busy={loading} onClick={more}>
              {t('more')}
            </Button>
          ) : null}
        </div>
        <section aria-label={t('going_back')} aria-live="polite" className="flex min-w-0 flex-col items-start gap-3">
          {state.isError ? (
            <ErrorState {...errorText(state.error)} onRetry={() => void state.refetch()} />
          ) : isNow ? (
            <p className="text-sm text-muted">{t('this_is_now')}</p>
          ) : state.data ? (
            <>
              <RestoreCounts preview={state.data.preview} classes={classes} />
              {can(dataset.role, 'annotation.restore') ? (
                <Button
                  variant="primary"
                  icon={<RotateCcw aria-hidden />}
                  busy={restore.isPending}
                  disabled={!hasWork || state.isPlaceholderData}
                  onClick={() => restore.mutate(moment.at)}
                >
                  {t('bring_back')}
                </Button>
              ) : null}
              <p className="text-xs text-muted">{t('as_drafts')}</p>
            </>
          ) : null}
          {restored ? (
            <BroughtBack
              key={restored.id}
              restored={restored}
              busy={restore.isPending}
              onUndo={(at) => restore.mutate(at)}
            />
          ) : null}
        </section>
      </div>
    </div>
  );
}
