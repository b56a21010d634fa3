'use client';

import type { Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { ImagePlus, LoaderCircle, SearchX, Trash2, Upload } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useErrorText } from '@/error-text';
import { classQuery } from '@/features/classes/class-queries';
import { useLiveView } from '@/features/events/use-live-view';
import { projectQuery } from '@/features/datasets/dataset-queries';
import { DeletedImagesDialog } from '@/features/deletion/deleted-images-dialog';
import { TaskChip } from '@/features/tasks/task-chip';
import { PageDrop } from '@/features/uploads/page-drop';
import { useUploadDialog } from '@/features/uploads/upload-center';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/skeleton';
import { EmptyState, ErrorState } from '@/ui/states';
import { VirtualGrid } from '@/ui/virtual-grid';
import { CARD_FOOTER, ImageCard } from './image-card';
import { GridSelection, maySelect } from './grid-selection';
import { isNarrowed, UNNARROWED, workbenchPath } from './image-filter';
import { ImageFilters } from './image-filters';
import { imageListQuery, trimImageLists } from './image-queries';
import { PickCard } from './pick-card';
import { useImageFilter } from './use-image-filter';
import { useImageSelection } from './use-image-selection';

/** All images of a dataset. Where no task type is chosen, one opens for the dataset's first. */
export function ImageGrid({ dataset }: { dataset: Dataset }) {
  const grid = <Grid dataset={dataset} />;
  return can(dataset.role, 'image.upload') ? <PageDrop dataset={dataset}>{grid}</PageDrop> : grid;
}

function Grid({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('images');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const openUpload = useUploadDialog();
  const [filter, changeFilter] = useImageFilter();
  const live = useLiveView(dataset.project_id);
  const [showsDeleted, setShowsDeleted] = useState(false);
  const project = useQuery(projectQuery(dataset.project_id));
  const list = useInfiniteQuery(imageListQuery(dataset.project_id, filter));
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = list;
  const pages = list.data?.pages;
  const images = useMemo(() => pages?.flatMap((page) => page.items) ?? [], [pages]);
  const shown = useMemo(() => images.map(({ id }) => id), [images]);
  const selecting = useImageSelection(shown, JSON.stringify(filter), maySelect(dataset));
  const { ids, matching } = selecting.selection;
  const classes = useQuery({ ...classQuery(dataset.project_id), enabled: filter.class_id !== undefined });
  const filteredType = classes.data?.items.find(({ id }) => id === filter.class_id)?.task_type;
  const task = filter.task_type ?? filteredType ?? dataset.task_types[0];

  useEffect(() => () => trimImageLists(queries, dataset.project_id), [queries, dataset.project_id]);

  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const uploadButton = can(dataset.role, 'image.upload') ? (
    <Button variant="primary" icon={<Upload aria-hidden />} onClick={() => openUpload(dataset)}>
      {t('upload')}
    </Button>
  ) : null;

  if (dataset.image_count === 0 && images.length === 0 && !list.isPending && !isNarrowed(filter))
    return (
      <>
        <EmptyState
          icon={<ImagePlus aria-hidden />}
          title={t('empty.title')}
          action={
            <>
              {uploadButton}
              {can(dataset.role, 'image.delete') ? (
                <Button icon={<Trash2 aria-hidden />} onClick={() => setShowsDeleted(true)}>
                  {t('deleted_recently')}
                </Button>
              ) : null}
            </>
          }
        >
          {t(uploadButton ? 'empty.text' : 'empty.text_viewer')}
        </EmptyState>
        {showsDeleted ? <DeletedImagesDialog dataset={dataset} onClose={() => setShowsDeleted(false)} /> : null}
      </>
    );

  return (
    <>
      <ImageFilters dataset={dataset} project={project.data} filter={filter} onChange={changeFilter} />
      {filter.task_id === undefined ? null : (
        <TaskChip
          projectId={dataset.project_id}
          taskId={filter.task_id}
          onClear={() => changeFilter({ task_id: undefined })}
        />
      )}
      <GridSelection
        dataset={dataset}
        filter={filter}
        selecting={selecting}
        loaded={images.length}
        hasMore={hasNextPage}
        onShowDeleted={() => setShowsDeleted(true)}
      />
      {showsDeleted ? <DeletedImagesDialog dataset={dataset} onClose={() => setShowsDeleted(false)} /> : null}
      <p role="status" className="sr-only">
        {/* Once per filter; scrolling on is not news. */}
        {pages?.length === 1 ? t(hasNextPage ? 'shown_more' : 'shown', { count: images.length }) : ''}
      </p>
      {list.isPending ? (
        <GridSkeleton />
      ) : list.isError && images.length === 0 ? (
        <ErrorState {...errorText(list.error)} onRetry={() => void list.refetch()} />
      ) : images.length === 0 ? (
        <EmptyState
          icon={<SearchX aria-hidden />}
          title={t('none_found')}
          action={<Button onClick={() => changeFilter(UNNARROWED)}>{t('clear_filter')}</Button>}
        />
      ) : (
        <VirtualGrid
          label={t('grid')}
          items={images}
          itemKey={(image) => image.id}
          minColumnWidth={160}
          rowHeight={(width) => Math.round(width * 0.72) + CARD_FOOTER}
          onEndReached={more}
          renderItem={(image) =>
            selecting.active ? (
              <PickCard
                projectId={dataset.project_id}
                image={image}
                picked={matching || ids.has(image.id)}
                onToggle={(range) => selecting.toggle(image.id, range)}
              />
            ) : (
              <ImageCard
                projectId={dataset.project_id}
                image={image}
                live={live}
                onSelect={selecting.allowed ? (range) => selecting.toggle(image.id, range) : null}
                href={task ? workbenchPath(dataset.id, image.id, task, filter) : '#'}
              />
            )
          }
        />
      )}
      <div className="flex h-16 items-center justify-center text-faint">
        {isFetchingNextPage ? <LoaderCircle aria-label={t('loading_more')} className="size-5 animate-turn" /> : null}
        {list.isFetchNextPageError ? <Button onClick={more}>{t('retry_more')}</Button> : null}
      </div>
    </>
  );
}

export function GridSkeleton() {
  const t = useTranslations('ui');
  return (
    <div role="status" aria-label={t('loading')} className="grid grid-cols-[repeat(auto-fill,minmax(160px,1fr))] gap-3">
      {Array.from({ length: 24 }, (_, index) => (
        <div key={index} className="overflow-hidden rounded-md border bg-surface">
          <div className="aspect-[1/0.72] bg-sunken" />
          <div className="flex h-13 flex-col justify-center gap-2 px-2.5">
            <Skeleton className="h-3 w-3/4" />
            <Skeleton className="h-2.5 w-1/2" />
          </div>
        </div>
      ))}
    </div>
  );
}
