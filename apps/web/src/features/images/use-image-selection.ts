'use client';

import { useEffect, useEffectEvent, useMemo, useState } from 'react';
import { everything, extended, NOTHING, toggled, within, type ImageSelection } from './image-selection';

export interface ImageSelecting {
  readonly allowed: boolean;
  readonly selection: ImageSelection;
  /** Whether a click on an image selects it, instead of opening it. */
  readonly active: boolean;
  readonly begin: () => void;
  /** `range`: everything from the last one to this one. */
  readonly toggle: (id: number, range: boolean) => void;
  readonly selectShown: () => void;
  readonly selectMatching: () => void;
  readonly stop: () => void;
}

/**
 * Selecting images of the list on show: Ctrl or Cmd and A selects all of it, Escape ends it. Another list (`list` names it)
 * begins with nothing selected.
 */
export function useImageSelection(shown: readonly number[], list: string, allowed: boolean): ImageSelecting {
  const [state, setState] = useState({ list, begun: false, selection: NOTHING });
  const current = state.list === list ? state : { list, begun: false, selection: NOTHING };
  const selection = useMemo(() => within(current.selection, shown), [current.selection, shown]);
  const active = allowed && (current.begun || selection.ids.size > 0);
  const set = (next: ImageSelection) => setState({ list, begun: current.begun, selection: next });
  const stop = () => setState({ list, begun: false, selection: NOTHING });
  const selectShown = () => set(everything(selection, shown));

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!allowed || event.defaultPrevented || isElsewhere(event.target)) return;
    if (event.key === 'Escape' && active) stop();
    if (event.key.toLowerCase() !== 'a' || !(event.ctrlKey || event.metaKey) || shown.length === 0) return;
    event.preventDefault();
    selectShown();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);

  return {
    allowed,
    selection,
    active,
    begin: () => setState({ list, begun: true, selection }),
    toggle: (id, range) => set(range ? extended(selection, shown, id) : toggled(selection, id)),
    selectShown,
    selectMatching: () => set({ ...everything(selection, shown), matching: true }),
    stop,
  };
}

/** Where keys mean something else: in a field, or a dialog above the page. */
function isElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest(
      'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], [role="listbox"]',
    ) !== null
  );
}
