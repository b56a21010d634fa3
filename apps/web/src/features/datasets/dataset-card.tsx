import type { Dataset } from '@labelyard/contract';
import { Globe, Images, Lock, UsersRound } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import Link from 'next/link';
import { finishedShare, ProgressScale } from '@/features/images/progress-scale';
import { classNames } from '@/ui/class-names';
import { Skeleton } from '@/ui/skeleton';

const VISIBILITY_ICONS = { private: Lock, organization: UsersRound, public: Globe } as const;

export function DatasetCard({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('datasets');
  const types = useTranslations('task_types');
  const format = useFormatter();
  const Visibility = VISIBILITY_ICONS[dataset.visibility];
  return (
    <article className="group relative flex h-full flex-col overflow-hidden rounded-lg border bg-surface transition-[border-color,box-shadow] hover:border-line-strong hover:shadow-1">
      <Cover urls={dataset.cover_urls} />
      <div className="flex flex-1 flex-col gap-3 p-4">
        <div className="min-w-0">
          <div className="flex items-center gap-2">
            <h2 className="min-w-0 flex-1 truncate text-lg font-semibold">
              {/* The whole card is the link's target, its text only the name. */}
              <Link href={`/datasets/${dataset.id}`} className="after:absolute after:inset-0 after:rounded-lg">
                {dataset.name}
              </Link>
            </h2>
            <span title={t(`visibility.${dataset.visibility}`)} className="text-faint">
              <Visibility aria-hidden className="size-4" />
              <span className="sr-only">{t(`visibility.${dataset.visibility}`)}</span>
            </span>
          </div>
          <p className="h-5 truncate text-sm text-muted">{dataset.description}</p>
        </div>
        <p className="truncate text-sm text-muted">{dataset.task_types.map((type) => types(type)).join(' · ')}</p>
        <div className="mt-auto">
          <div className="mb-2 flex items-baseline justify-between gap-3 text-sm">
            <span className="tabular">{t('image_count', { count: dataset.image_count })}</span>
            <span className="tabular text-muted">
              {t('finished', {
                share: format.number(finishedShare(dataset.progress), { style: 'percent', maximumFractionDigits: 0 }),
              })}
            </span>
          </div>
          <ProgressScale counts={dataset.progress} />
        </div>
      </div>
    </article>
  );
}

/** Up to four thumbnails: one large, the others beside it. */
function Cover({ urls }: { urls: readonly string[] }) {
  const shown = urls.length >= 4 ? urls.slice(0, 4) : urls.slice(0, 1);
  if (shown.length === 0)
    return (
      <div className="photo-bed flex aspect-16/9 items-center justify-center border-b text-faint">
        <span className="rounded-full bg-sunken p-3">
          <Images aria-hidden className="size-5" />
        </span>
      </div>
    );
  return (
    <div
      className={classNames(
        'grid aspect-16/9 gap-px overflow-hidden border-b bg-line',
        shown.length > 1 && 'grid-cols-[3fr_1fr] grid-rows-3',
      )}
    >
      {shown.map((url, index) => (
        // The storage's own presigned thumbnails: nothing for Next's image optimiser to do.
        <img
          key={url}
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          className={classNames(
            'size-full min-h-0 bg-sunken object-cover',
            index === 0 && shown.length > 1 && 'row-span-3',
          )}
        />
      ))}
    </div>
  );
}

export function DatasetCardSkeleton() {
  return (
    <div className="flex flex-col overflow-hidden rounded-lg border bg-surface">
      <div className="aspect-16/9 border-b bg-sunken" />
      <div className="flex flex-col gap-3 p-4">
        <div className="h-11">
          <Skeleton className="mt-1 h-4 w-1/2" />
          <Skeleton className="mt-2 h-3 w-4/5" />
        </div>
        <Skeleton className="h-3 w-2/5" />
        <Skeleton className="mt-2 h-8.5 w-full" />
      </div>
    </div>
  );
}
