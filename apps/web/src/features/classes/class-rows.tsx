'use client';

import type { LabelClass } from '@labelyard/contract';
import { normaliseClassName } from '@labelyard/domain';
import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual';
import { useTranslations } from 'next-intl';
import { useEffect, useLayoutEffect, useState } from 'react';
import { classNames } from '@/ui/class-names';
import type { useClassActions } from './class-actions';
import { ClassRow } from './class-row';
import { shownShift } from './reorder';
import { useReorder } from './use-reorder';

const ROW = 48;
/** What a screen shows of the list before it is measured, so that the server can draw it. */
const FIRST_SCREEN = { width: 1_000, height: 900 };

/** The classes of one task type in their order; only those on screen are in the document, the carried one always. */
export function ClassRows({
  classes,
  editable,
  update,
  onMove,
  onDelete,
}: {
  classes: readonly LabelClass[];
  editable: boolean;
  update: ReturnType<typeof useClassActions>['update'];
  onMove: (from: number, to: number) => void;
  onDelete: (item: LabelClass) => void;
}) {
  // The virtualizer hands out one object that changes inside; memoised reads of it would go stale.
  'use no memo';
  const t = useTranslations('classes');
  const [spoken, setSpoken] = useState('');
  const [margin, setMargin] = useState(0);
  const { list, carried, handleProps } = useReorder({
    count: classes.length,
    onMove,
    announce: (event, at) => setSpoken(t(`spoken.${event}`, { place: at + 1, count: classes.length })),
  });
  const rows = useWindowVirtualizer({
    count: classes.length,
    estimateSize: () => ROW,
    overscan: 6,
    scrollMargin: margin,
    initialRect: FIRST_SCREEN,
    useFlushSync: false,
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      return carried && !shown.includes(carried.from) ? [...shown, carried.from].sort((a, b) => a - b) : shown;
    },
  });

  useLayoutEffect(() => {
    const measure = () => setMargin((list.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, [list]);

  const followed = carried?.by === 'keyboard' ? carried.at : null;
  useEffect(() => {
    if (followed !== null) rows.scrollToIndex(followed, { align: 'auto' });
  }, [rows, followed]);

  return (
    <>
      <ul
        ref={list}
        aria-label={t('list')}
        className="relative mt-5 border-t"
        style={{ height: classes.length * ROW + 1 }}
      >
        {rows.getVirtualItems().map(({ index }) => {
          const item = classes[index];
          if (!item) return null;
          const shown = index + shownShift(index, carried);
          return (
            <li
              key={item.id}
              aria-setsize={classes.length}
              aria-posinset={shown + 1}
              style={{ height: ROW, transform: `translateY(${shown * ROW}px)` }}
              className={classNames(
                'absolute inset-x-0 top-0',
                carried && 'transition-transform',
                carried?.id === item.id && 'z-10',
              )}
            >
              <ClassRow
                item={item}
                index={shown}
                editable={editable}
                carried={carried?.id === item.id}
                handleProps={handleProps(item.id, index)}
                onRename={(name) => update.mutate({ id: item.id, name: normaliseClassName(name) })}
                onRecolor={(color) => update.mutate({ id: item.id, color })}
                onDelete={() => onDelete(item)}
              />
            </li>
          );
        })}
      </ul>
      <p role="status" className="sr-only">
        {spoken}
      </p>
    </>
  );
}
