import { useEffect } from 'react';

/** Whether the platform's command key is ⌘ rather than Ctrl. */
export function usesCommandKey(): boolean {
  return typeof navigator !== 'undefined' && /mac|iphone|ipad/iu.test(navigator.platform);
}

/** Runs `action` on Ctrl/⌘ + `key`, wherever the focus is. */
export function useCommandKey(key: string, action: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== key || event.altKey || event.shiftKey) return;
      if (!(usesCommandKey() ? event.metaKey : event.ctrlKey)) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [key, action]);
}
