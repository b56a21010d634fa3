'use client';

import type { Dataset, Version } from '@labelyard/contract';
import type { Geometry } from '@labelyard/domain';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useErrorText } from '@/error-text';
import { classQuery } from '@/features/classes/class-queries';
import { ChangeList } from '@/features/history/change-list';
import type { NameOfClass } from '@/features/history/change-words';
import { MARKS, ShapeOverlay, type OverlayShape } from '@/features/history/shape-overlay';
import { toldChanges } from '@/features/history/told-changes';
import { Badge } from '@/ui/badge';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { Dialog } from '@/ui/dialog';
import { Select } from '@/ui/select';
import { ListSkeleton } from '@/ui/skeleton';
import { ErrorState } from '@/ui/states';
import { diffImageQuery, diffImagesQuery, versionClassQuery, versionDiffQuery } from './version-queries';

const WORKING = 'working';
const KINDS = ['added', 'removed', 'changed'] as const;

interface DiffProps {
  readonly dataset: Dataset;
  readonly version: Version;
  readonly other: number | typeof WORKING;
}

/** A version against another or against now: counts, images that differ, and where on the image. */
export function VersionDiffDialog({
  dataset,
  version,
  others,
  onClose,
}: Omit<DiffProps, 'other'> & { readonly others: readonly Version[]; readonly onClose: () => void }) {
  const t = useTranslations('versions');
  const errorText = useErrorText();
  const [chosen, setChosen] = useState<string>(WORKING);
  const other = chosen === WORKING ? WORKING : Number(chosen);
  const diff = useQuery(versionDiffQuery(dataset.project_id, version.id, other));
  const { data: classes } = useQuery(classQuery(dataset.project_id));
  // A class that was deleted since still has its name in the version.
  const { data: then } = useQuery(versionClassQuery(dataset.project_id, version.id));
  const known = [...(classes?.items ?? []), ...(then?.items ?? [])];
  const nameOf: NameOfClass = (id) => known.find((one) => one.id === id)?.name ?? t('no_class');
  return (
    <Dialog open onOpenChange={onClose} width="xl" title={t('diff_title', { number: version.number })}>
      <div className="flex flex-col gap-4 pb-1">
        <Select
          label={t('compare_with')}
          value={chosen}
          onChange={setChosen}
          options={[
            { value: WORKING, label: t('working') },
            ...others.map(({ id, number }) => ({ value: String(id), label: t('name', { number }) })),
          ]}
        />
        {diff.isPending ? (
          <ListSkeleton />
        ) : diff.isError ? (
          <ErrorState {...errorText(diff.error)} onRetry={() => void diff.refetch()} />
        ) : diff.data.images === 0 ? (
          <p>{t('no_difference')}</p>
        ) : (
          <>
            <p className="flex flex-wrap gap-3 text-sm" data-testid="diff-total">
              {KINDS.map((kind) => (
                <span key={kind} className={MARKS[kind].className}>
                  <b aria-hidden>{MARKS[kind].sign}</b> {t(`diff.${kind}`, { count: diff.data.total[kind] })}
                </span>
              ))}
            </p>
            <ul className="flex flex-wrap gap-1 text-sm">
              {diff.data.by_class.map((row) => (
                <li key={`${row.class_id} ${row.annotation_type}`}>
                  <Badge>
                    {nameOf(row.class_id)}: +{row.added} −{row.removed} ~{row.changed}
                  </Badge>
                </li>
              ))}
            </ul>
            <DiffImages key={chosen} dataset={dataset} version={version} other={other} nameOf={nameOf} />
          </>
        )}
      </div>
    </Dialog>
  );
}

function DiffImages({ nameOf, ...props }: DiffProps & { readonly nameOf: NameOfClass }) {
  const { dataset, version, other } = props;
  const t = useTranslations('versions');
  const errorText = useErrorText();
  const [chosen, setChosen] = useState<number | null>(null);
  const list = useInfiniteQuery(diffImagesQuery(dataset.project_id, version.id, other));
  const images = list.data?.pages.flatMap((page) => page.items) ?? [];
  const current = chosen ?? images[0]?.image_id ?? null;
  if (list.isPending) return <ListSkeleton />;
  if (list.isError) return <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />;
  return (
    <div className="flex flex-col gap-3">
      {current === null ? null : <DiffImage {...props} image_id={current} nameOf={nameOf} />}
      <ol aria-label={t('diff_images')} className="max-h-48 overflow-y-auto rounded-md border p-1" tabIndex={0}>
        {images.map((image) => (
          <li key={image.image_id}>
            <button
              type="button"
              aria-current={image.image_id === current || undefined}
              onClick={() => setChosen(image.image_id)}
              className={classNames(
                'flex w-full items-baseline gap-3 rounded-sm px-2 py-1.5 text-left text-sm',
                image.image_id === current ? 'bg-accent-soft text-accent-text' : 'hover:bg-hover',
              )}
            >
              <span className="min-w-0 flex-1 truncate">{image.path}</span>
              <span className="tabular shrink-0">
                +{image.added} −{image.removed} ~{image.changed}
              </span>
            </button>
          </li>
        ))}
      </ol>
      {list.hasNextPage ? (
        <Button
          size="sm"
          className="self-start"
          busy={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t('more_images')}
        </Button>
      ) : null}
    </div>
  );
}

function DiffImage({
  dataset,
  version,
  other,
  image_id,
  nameOf,
}: DiffProps & { readonly image_id: number; readonly nameOf: NameOfClass }) {
  const t = useTranslations('versions');
  const errorText = useErrorText();
  const [pointed, setPointed] = useState<Geometry | null>(null);
  const query = useQuery(diffImageQuery(dataset.project_id, version.id, other, image_id));
  if (query.isPending) return <ListSkeleton />;
  if (query.isError) return <ErrorState {...errorText(query.error)} onRetry={() => void query.refetch()} />;
  const { image, diff } = query.data;
  const shapes = diff.items.flatMap(({ before, after }): OverlayShape[] => {
    const shown = after ?? before;
    if (!shown) return [];
    const mark = before ? (after ? 'changed' : 'removed') : 'added';
    const common = { color: '', name: nameOf(shown.class_id) };
    const now = { ...common, key: `${shown.id}`, geometry: shown.geometry, mark } as const;
    const moved = toldChanges(before, after).some(({ what }) => what === 'geometry');
    // Where a moved one was, under where it is.
    return before && moved
      ? [{ ...common, key: `${shown.id} before`, geometry: before.geometry, mark: 'removed' }, now]
      : [now];
  });
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 md:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      {image ? (
        <figure className="flex flex-col gap-2">
          <ShapeOverlay
            image={image}
            shapes={shapes}
            pointed={pointed}
            label={t('diff_picture', { image: image.path })}
          />
          <figcaption className="flex flex-wrap gap-4 text-sm">
            {KINDS.map((kind) => (
              <span key={kind} className={classNames('inline-flex items-center gap-1.5', MARKS[kind].className)}>
                <svg aria-hidden width="28" height="8">
                  <path d="M1 4h26" stroke="currentColor" strokeWidth="3" strokeDasharray={MARKS[kind].dash} />
                </svg>
                <b aria-hidden>{MARKS[kind].sign}</b> {t(`legend.${kind}`)}
              </span>
            ))}
          </figcaption>
        </figure>
      ) : (
        <p className="text-sm text-muted">{t('image_gone')}</p>
      )}
      <ChangeList label={t('diff_changes')} items={diff.items} nameOf={nameOf} onShow={setPointed} />
    </div>
  );
}
