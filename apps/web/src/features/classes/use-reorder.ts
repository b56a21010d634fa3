import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { rowAt, stepTo, type Carried } from './reorder';

/** Pixels from the window's edge where the page begins to scroll under a carried row. */
const SCROLL_ZONE = 72;

export interface ReorderOptions {
  readonly count: number;
  /** Called once per finished move that changed anything. */
  readonly onMove: (from: number, to: number) => void;
  /** What a screen reader should say. */
  readonly announce: (event: 'grabbed' | 'moved' | 'dropped' | 'cancelled', at: number) => void;
}

/** Moving rows of equal height by pointer, or by keyboard: Space picks up and puts down, arrows move, Escape gives up. */
export function useReorder({ count, onMove, announce }: ReorderOptions) {
  const list = useRef<HTMLUListElement>(null);
  const [carried, setCarried] = useState<Carried | null>(null);

  // Rows change places in the document only when one is put down; that takes the focus off it.
  const refocus = useRef<number | null>(null);
  useEffect(() => {
    if (refocus.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-handle="${refocus.current}"]`)?.focus();
    refocus.current = null;
  });

  const drop = (last: Carried, keepFocus = true) => {
    refocus.current = keepFocus ? last.id : null;
    setCarried(null);
    announce('dropped', last.at);
    if (last.at !== last.from) onMove(last.from, last.at);
  };

  const targetRow = (y: number): number => {
    const box = list.current?.getBoundingClientRect();
    return box ? rowAt(y, box.top, box.height / count, count) : 0;
  };

  const handleProps = (id: number, index: number) => ({
    'data-handle': id,
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setCarried({ id, from: index, at: index, by: 'pointer' });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (carried?.by !== 'pointer') return;
      if (event.clientY < SCROLL_ZONE) window.scrollBy(0, -12);
      else if (event.clientY > window.innerHeight - SCROLL_ZONE) window.scrollBy(0, 12);
      const at = targetRow(event.clientY);
      if (at !== carried.at) setCarried({ ...carried, at });
    },
    onPointerUp: () => {
      if (carried?.by === 'pointer') drop(carried);
    },
    onPointerCancel: () => setCarried(null),
    onBlur: () => {
      if (carried?.by === 'keyboard') drop(carried, false);
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.key === ' ' || event.key === 'Enter') {
        event.preventDefault();
        if (carried) return drop(carried);
        setCarried({ id, from: index, at: index, by: 'keyboard' });
        return announce('grabbed', index);
      }
      if (carried?.by !== 'keyboard') return;
      if (event.key === 'Escape') {
        event.preventDefault();
        setCarried(null);
        return announce('cancelled', carried.from);
      }
      const step = { ArrowUp: -1, ArrowDown: 1, Home: -count, End: count }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const next = stepTo(carried, step, count);
      setCarried(next);
      announce('moved', next.at);
    },
  });

  return { list, carried, handleProps };
}
