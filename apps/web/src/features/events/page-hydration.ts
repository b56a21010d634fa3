'use client';

import { useEffect } from 'react';

let markHydrated: () => void;
const hydrated = new Promise<void>((resolve) => {
  markHydrated = resolve;
});

/**
 * Settled once React has taken over the page the server made. A layout is taken over before the page in it: news that came
 * into the cache in between would differ from what the server wrote, and React would throw its work away.
 */
export function whenPageIsHydrated(): Promise<void> {
  return hydrated;
}

/** For the innermost part of a page that a layout listens for. */
export function usePageHydrated(): void {
  useEffect(() => markHydrated(), []);
}
