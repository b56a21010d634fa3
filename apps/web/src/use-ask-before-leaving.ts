import { useEffect, useEffectEvent } from 'react';

/** Has the browser ask before the tab is closed or left, as long as `busy`; `onAsked` does what should be done first. */
export function useAskBeforeLeaving(busy: boolean, onAsked?: () => void): void {
  const ask = useEffectEvent((event: BeforeUnloadEvent) => {
    onAsked?.();
    event.preventDefault();
  });
  useEffect(() => {
    if (!busy) return;
    const listener = (event: BeforeUnloadEvent) => ask(event);
    window.addEventListener('beforeunload', listener);
    return () => window.removeEventListener('beforeunload', listener);
  }, [busy]);
}
