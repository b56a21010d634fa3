'use client';

import type { Dataset, DeletedImage } from '@labelyard/contract';
import { can, DELETED_IMAGE_DAYS } from '@labelyard/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { ImageOff, Trash2, Undo2 } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useErrorText } from '@/error-text';
import { Button } from '@/ui/button';
import { Dialog } from '@/ui/dialog';
import { ListSkeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { deletedImagesQuery, groupDeletions, type DeletionGroup } from './deletion-queries';
import { useRestore } from './use-restore';

/** What was deleted and can still be brought back: one image, or all that went in one go. */
export function DeletedImagesDialog({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const t = useTranslations('deletion');
  const errorText = useErrorText();
  const list = useInfiniteQuery(deletedImagesQuery(dataset.project_id));
  const images = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('list_title')}
      description={t('list_explain', { days: DELETED_IMAGE_DAYS })}
      width="md"
    >
      {list.isPending ? (
        <ListSkeleton />
      ) : list.isError ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : images.length === 0 ? (
        <EmptyState icon={<Trash2 aria-hidden />} title={t('list_empty')}>
          {t('list_empty_text')}
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-6">
          {groupDeletions(images).map((group) => (
            <Group key={group.deletion_id} dataset={dataset} group={group} />
          ))}
          {list.hasNextPage ? (
            <Button className="self-center" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t('list_more')}
            </Button>
          ) : null}
        </div>
      )}
    </Dialog>
  );
}

function Group({ dataset, group: { deletion_id, images } }: { dataset: Dataset; group: DeletionGroup }) {
  const t = useTranslations('deletion');
  const format = useFormatter();
  const restore = useRestore(dataset.project_id);
  const mayRestore = can(dataset.role, 'image.delete');
  const [first] = images as [DeletedImage];
  const name = first.user?.full_name ?? t('somebody');
  return (
    <section aria-label={t('deleted_by', { name, count: images.length })}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <p className="text-sm">
          <span className="font-medium">{t('deleted_by', { name, count: images.length })}</span>{' '}
          <time dateTime={first.deleted_at} className="text-muted">
            {format.relativeTime(new Date(first.deleted_at))}
          </time>
        </p>
        {mayRestore && images.length > 1 ? (
          <Button
            size="sm"
            icon={<Undo2 aria-hidden />}
            busy={restore.isPending}
            onClick={() => restore.mutate({ deletion_id })}
          >
            {t('restore_all')}
          </Button>
        ) : null}
      </div>
      <ul className="flex flex-col divide-y rounded-md border">
        {images.map((image) => (
          <li key={image.image_id} className="flex items-center gap-3 p-2">
            <Preview url={image.thumbnail_url} />
            <div className="min-w-0 flex-1">
              <p className="truncate text-sm font-medium" title={image.path}>
                {image.path}
              </p>
              <p className="text-xs text-muted">
                {t('labels', { count: image.annotation_count })} ·{' '}
                {t('until', { date: format.dateTime(new Date(image.expires_at), { dateStyle: 'medium' }) })}
              </p>
            </div>
            {mayRestore ? (
              <Button
                size="sm"
                variant={images.length > 1 ? 'ghost' : 'secondary'}
                disabled={restore.isPending}
                aria-label={t('restore_image', { name: image.path })}
                onClick={() => restore.mutate({ image_ids: [image.image_id] })}
              >
                {t('restore')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Preview({ url }: { url: string | null }) {
  return (
    <span className="flex size-12 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-sunken text-faint">
      {url ? (
        <img src={url} alt="" decoding="async" className="size-full object-cover" />
      ) : (
        <ImageOff aria-hidden className="size-5" />
      )}
    </span>
  );
}
