'use client';

import { useEffect } from 'react';
import { followNews } from '@/features/events/open-streams';
import { onSignIn } from '@/sign-in-news';
import { useAskBeforeLeaving } from '@/use-ask-before-leaving';
import { useSaveState, useSession } from './use-session';

/**
 * Asks before the tab closes while something has not reached the server (the journal keeps it all the same), and sends
 * when the tab is left, and as soon as the network, the server or the person is back, signed in again perhaps in another tab.
 */
export function useUnsavedGuard(): void {
  const { outbox } = useSession();
  useAskBeforeLeaving(useSaveState().kind !== 'saved', () => void outbox.flush());

  useEffect(() => {
    const flush = () => void outbox.flush();
    window.addEventListener('online', flush);
    document.addEventListener('visibilitychange', flush);
    const stopListening = onSignIn(flush);
    // The line to the server stands again: no reason to sit out the pause between tries.
    const stopNews = followNews(({ type }) => {
      if (type === 'resync') flush();
    });
    return () => {
      stopNews();
      stopListening();
      window.removeEventListener('online', flush);
      document.removeEventListener('visibilitychange', flush);
    };
  }, [outbox]);
}
