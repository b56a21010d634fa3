'use client';

import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { memo, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { classNames } from './class-names';

export interface VirtualGridProps<Item> {
  /** Its name for screen readers. */
  label: string;
  items: readonly Item[];
  itemKey: (item: Item) => string | number;
  renderItem: (item: Item, index: number) => ReactNode;
  /** Pixels; columns share the rest of the width. */
  minColumnWidth: number;
  /** Height of a row from the width of a column, both in pixels. */
  rowHeight: (columnWidth: number) => number;
  gap?: number;
  /** Called when the last rows come near; must be cheap to call again. */
  onEndReached?: () => void;
  className?: string;
}

/** Drawn again only when its item changed, not at every step of scrolling. */
const Cell = memo(function Cell<Item>({
  item,
  index,
  renderItem,
}: {
  item: Item;
  index: number;
  renderItem: (item: Item, index: number) => ReactNode;
}) {
  return renderItem(item, index);
}) as <Item>(props: { item: Item; index: number; renderItem: (item: Item, index: number) => ReactNode }) => ReactNode;

/**
 * A grid of any number of equal cells that scrolls with the page and keeps only the visible rows in the document.
 * Arrow keys, Home and End move between cells; each cell must hold one focusable element.
 */
export function VirtualGrid<Item>({
  label,
  items,
  itemKey,
  renderItem,
  minColumnWidth,
  rowHeight,
  gap = 12,
  onEndReached,
  className,
}: VirtualGridProps<Item>) {
  // The virtualizer hands out one object that changes inside; memoised reads of it would go stale.
  'use no memo';
  const root = useRef<HTMLUListElement>(null);
  const [width, setWidth] = useState(0);
  const [margin, setMargin] = useState(0);
  const wantedFocus = useRef<number | null>(null);
  const focused = useRef<number | null>(null);

  useLayoutEffect(() => {
    const element = root.current;
    if (!element) return;
    const measure = () => {
      setWidth(element.clientWidth);
      setMargin(element.getBoundingClientRect().top + window.scrollY);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);

  const columns = Math.max(1, Math.floor((width + gap) / (minColumnWidth + gap)));
  const columnWidth = (width - gap * (columns - 1)) / columns;
  const height = Math.round(rowHeight(Math.max(columnWidth, minColumnWidth)));
  const rows = Math.ceil(items.length / columns);
  const virtualizer = useWindowVirtualizer({
    count: width > 0 ? rows : 0,
    estimateSize: () => height + gap,
    overscan: 3,
    scrollMargin: margin,
    useFlushSync: false,
  });

  useEffect(() => virtualizer.measure(), [virtualizer, height]);

  const visible = virtualizer.getVirtualItems();
  const last = visible.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= rows - 4 && rows > 0) onEndReached?.();
  }, [last, rows, onEndReached]);

  useEffect(() => {
    if (wantedFocus.current === null) return;
    const cell = root.current?.querySelector<HTMLElement>(`[data-cell="${wantedFocus.current}"]`);
    const target = cell?.querySelector<HTMLElement>('a[href], button');
    if (!target) return;
    wantedFocus.current = null;
    target.focus({ preventScroll: true });
  });

  // A cell that is drawn as something else, or whose item is gone, gives the focus to what stands in its place.
  useLayoutEffect(() => {
    if (focused.current === null || document.activeElement !== document.body) return;
    root.current?.querySelector<HTMLElement>(`[data-cell="${focused.current}"] :is(a[href], button)`)?.focus();
  });

  const moves: Record<string, (index: number) => number> = {
    ArrowRight: (index) => index + 1,
    ArrowLeft: (index) => index - 1,
    ArrowDown: (index) => index + columns,
    ArrowUp: (index) => index - columns,
    Home: () => 0,
    End: () => items.length - 1,
  };

  return (
    <ul
      ref={root}
      aria-label={label}
      className={classNames('relative', className)}
      style={{ height: rows > 0 ? virtualizer.getTotalSize() - gap : undefined }}
      onFocus={(event) => {
        const cell = event.target.closest<HTMLElement>('[data-cell]');
        focused.current = cell ? Number(cell.dataset.cell) : null;
      }}
      onBlur={() => {
        focused.current = null;
      }}
      onKeyDown={(event) => {
        const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-cell]');
        const move = moves[event.key];
        if (!cell || !move || event.ctrlKey || event.metaKey || event.altKey) return;
        const next = move(Number(cell.dataset.cell));
        if (next < 0 || next >= items.length) return;
        event.preventDefault();
        wantedFocus.current = next;
        virtualizer.scrollToIndex(Math.floor(next / columns), { align: 'auto' });
        root.current?.querySelector<HTMLElement>(`[data-cell="${next}"] :is(a[href], button)`)?.focus();
      }}
    >
      {visible.flatMap((row) =>
        items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => {
          const index = row.index * columns + column;
          return (
            <li
              key={itemKey(item)}
              data-cell={index}
              aria-posinset={index + 1}
              aria-setsize={items.length}
              className="absolute left-0 top-0 [contain:layout_style]"
              style={{
                width: columnWidth,
                height,
                transform: `translate(${column * (columnWidth + gap)}px, ${row.start - margin}px)`,
              }}
            >
              <Cell item={item} index={index} renderItem={renderItem} />
            </li>
          );
        }),
      )}
    </ul>
  );
}
