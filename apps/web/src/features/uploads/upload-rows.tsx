'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import { CircleCheck, CircleDashed, CircleMinus, CircleX, FileQuestion, LoaderCircle } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useRef, type ReactNode } from 'react';
import { useFileSize } from '@/features/datasets/file-size';
import { classNames } from '@/ui/class-names';
import { isFinal, needsBytes, type ItemState, type UploadItem } from './upload-item';
import type { RunSnapshot } from './upload-snapshot';

const ROW = 40;

const ICONS: Readonly<Record<ItemState, ReactNode>> = {
  waiting: <CircleDashed aria-hidden className="text-faint" />,
  announced: <CircleDashed aria-hidden className="text-faint" />,
  sent: <LoaderCircle aria-hidden className="animate-turn text-muted" />,
  done: <CircleCheck aria-hidden className="text-success" />,
  skipped: <CircleMinus aria-hidden className="text-muted" />,
  rejected: <CircleX aria-hidden className="text-danger" />,
  failed: <CircleX aria-hidden className="text-danger" />,
};

/** Every file of an upload with how far it is, or why it was refused. Draws only the rows on screen. */
export function UploadRows({ upload, items }: { upload: RunSnapshot; items: readonly UploadItem[] }) {
  // The virtualizer hands out one object that changes inside; memoised reads of it would go stale.
  'use no memo';
  const t = useTranslations('uploads');
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 6,
    useFlushSync: false,
  });
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="region"
      aria-label={t('files')}
      className="h-[min(20rem,40dvh)] overflow-y-auto rounded-md border focus-visible:outline-offset-0"
    >
      <ul className="relative" style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          return item ? (
            <li
              key={item.n}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              className="absolute inset-x-0 top-0"
              style={{ height: ROW, transform: `translateY(${start}px)` }}
            >
              <Row item={item} bytes={upload.bytesOf(item.n)} running={upload.phase === 'running'} />
            </li>
          ) : null;
        })}
      </ul>
    </div>
  );
}

function Row({ item, bytes, running }: { item: UploadItem; bytes: number; running: boolean }) {
  const t = useTranslations('uploads');
  const format = useFormatter();
  const fileSize = useFileSize();
  const share = item.size === 0 ? 0 : bytes / item.size;
  const sending = needsBytes(item) && bytes > 0 && running;
  const at = item.path.lastIndexOf('/') + 1;
  const problem = item.code ? t(`problems.${item.code}`) : undefined;
  return (
    <div className="relative flex h-full items-center gap-2.5 border-b px-3 text-sm [&_svg]:size-4 [&_svg]:shrink-0">
      {item.code === 'file_unreadable' ? <FileQuestion aria-hidden className="text-danger" /> : ICONS[item.state]}
      <span className="min-w-0 flex-1 truncate" title={item.path}>
        <span className="text-faint">{item.path.slice(0, at)}</span>
        {item.path.slice(at)}
      </span>
      <span
        title={problem}
        className={classNames(
          'tabular max-w-[55%] shrink-0 truncate text-right',
          problem ? 'text-danger' : 'text-muted',
        )}
      >
        {problem ??
          (sending
            ? format.number(share, { style: 'percent', maximumFractionDigits: 0 })
            : isFinal(item) || item.state === 'sent'
              ? t(`states.${item.state}`)
              : fileSize(item.size))}
      </span>
      {sending ? (
        <span
          aria-hidden
          className="absolute inset-x-0 bottom-0 h-0.5 origin-left bg-accent"
          style={{ transform: `scaleX(${share})` }}
        />
      ) : null}
    </div>
  );
}
