'use client';

import type { ProjectImage } from '@labelyard/contract';
import { IMAGE_STATUSES, type ImageStatus } from '@labelyard/domain';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { ImageVisitors } from '@/features/events/image-visitors';
import type { LiveView } from '@/features/events/live-board';
import { classNames } from '@/ui/class-names';
import { Select } from '@/ui/select';

const CELL = 92;
const ALL = 'all';

const STATUS_DOT: Readonly<Record<ImageStatus, string>> = {
  not_started: 'bg-status-not-started',
  in_progress: 'bg-status-in-progress',
  completed: 'bg-status-completed',
  reviewed: 'bg-status-reviewed',
  rejected: 'bg-status-rejected',
};

/** The queue of images below the canvas. Only the visible cells are in the document. */
export function ImageStrip({
  images,
  live,
  me,
  currentId,
  status,
  onStatus,
  onOpen,
  onEnd,
  onStart,
}: {
  images: readonly ProjectImage[];
  live: LiveView;
  me: string;
  currentId: number | null;
  status: ImageStatus | null;
  onStatus: (status: ImageStatus | null) => void;
  onOpen: (image: ProjectImage) => void;
  onEnd: () => void;
  onStart: () => void;
}) {
  'use no memo';
  const t = useTranslations();
  const scroller = useRef<HTMLDivElement>(null);
  const firstId = useRef<number | null>(null);
  const virtualizer = useVirtualizer({
    horizontal: true,
    count: images.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CELL,
    overscan: 6,
    getItemKey: (index) => images[index]?.id ?? index,
  });
  const cells = virtualizer.getVirtualItems();
  const index = images.findIndex((image) => image.id === currentId);

  useEffect(() => {
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'center' });
    // Follows the open image only; a page that arrives must not move the strip.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [currentId, index >= 0]);

  // Cells put in front push the others to the right: the scroll position goes with them, so nothing jumps.
  useEffect(() => {
    const before = firstId.current;
    firstId.current = images[0]?.id ?? null;
    if (before === null || !scroller.current) return;
    const added = images.findIndex((image) => image.id === before);
    if (added > 0) scroller.current.scrollLeft += added * CELL;
  }, [images]);

  const [head, tail] = [cells[0]?.index ?? 0, cells.at(-1)?.index ?? 0];
  useEffect(() => {
    if (images.length === 0) return;
    if (tail >= images.length - 12) onEnd();
    if (head <= 12) onStart();
  }, [head, tail, images.length, onEnd, onStart]);

  return (
    <nav aria-label={t('workbench.strip.title')} className="flex h-24 shrink-0 border-t bg-surface">
      <div className="flex w-36 shrink-0 flex-col justify-center gap-1 border-r px-3 max-md:hidden">
        <span aria-hidden className="text-xs text-muted">
          {t('workbench.strip.show')}
        </span>
        <Select
          size="sm"
          label={t('workbench.strip.show')}
          value={status ?? ALL}
          onChange={(value) => onStatus(value === ALL ? null : value)}
          options={[
            { value: ALL, label: t('workbench.strip.all') },
            ...IMAGE_STATUSES.map((value) => ({ value, label: t(`image_status.${value}`) })),
          ]}
        />
      </div>
      <div ref={scroller} className="min-w-0 flex-1 overflow-x-auto overflow-y-hidden" data-testid="strip">
        <ol className="relative h-full" style={{ width: virtualizer.getTotalSize() }}>
          {cells.map((cell) => {
            const image = images[cell.index];
            if (!image) return null;
            const current = image.id === currentId;
            return (
              <li
                key={image.id}
                className="absolute inset-y-0 p-1.5"
                style={{ width: CELL, transform: `translateX(${cell.start}px)` }}
              >
                <button
                  type="button"
                  aria-current={current ? 'true' : undefined}
                  aria-label={t('workbench.strip.image', {
                    name: image.path,
                    status: t(`image_status.${image.status}`),
                    count: image.annotation_count,
                  })}
                  title={image.path}
                  onClick={() => onOpen(image)}
                  className={classNames(
                    'relative block size-full overflow-hidden rounded-md photo-bed outline-offset-1',
                    current ? 'ring-2 ring-accent-line' : 'opacity-80 hover:opacity-100',
                  )}
                >
                  {image.thumbnail_url ? (
                    // Signed links of the storage: next/image would fetch them through our server.
                    <img
                      src={image.thumbnail_url}
                      alt=""
                      loading="lazy"
                      decoding="async"
                      className="size-full object-cover"
                    />
                  ) : null}
                  <span
                    aria-hidden
                    className={classNames(
                      'absolute bottom-1 left-1 size-2.5 rounded-full ring-2 ring-surface',
                      STATUS_DOT[image.status],
                    )}
                  />
                  <ImageVisitors view={live} imageId={image.id} me={me} />
                  {image.annotation_count > 0 ? (
                    <span
                      aria-hidden
                      className="tabular absolute bottom-1 right-1 rounded-sm bg-scrim px-1 text-2xs font-medium text-[#fff]"
                    >
                      {image.annotation_count}
                    </span>
                  ) : null}
                </button>
              </li>
            );
          })}
        </ol>
      </div>
    </nav>
  );
}
