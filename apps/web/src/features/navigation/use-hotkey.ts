import { useEffect } from 'react';

/** Whether the platform's command key is ⌘ rather than Ctrl. */
export function usesCommandKey(): boolean {
  return typeof navigator !== 'undefined' && /mac|iphone|ipad/iu.test(navigator.platform);
}

/** The key pressed; a letter by its place where the keyboard writes others than Latin ones, as Hangul. */
export function letterOf({ key, code }: Pick<KeyboardEvent, 'key' | 'code'>): string {
  const place = /^Key([A-Z])$/u.exec(code)?.[1];
  return place && !/^[a-z]$/iu.test(key) ? place.toLowerCase() : key;
}

/** Runs `action` on Ctrl/⌘ + `key`, wherever the focus is. */
export function useCommandKey(key: string, action: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (letterOf(event).toLowerCase() !== key || event.altKey || event.shiftKey) return;
      if (!(usesCommandKey() ? event.metaKey : event.ctrlKey)) return;
      event.preventDefault();
      action();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [key, action]);
}
