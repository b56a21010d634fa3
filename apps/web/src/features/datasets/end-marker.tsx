'use client';

import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Button } from '@/ui/button';

/** Loads the next page when it scrolls near; also a button, for those who do not scroll. */
export function EndMarker({ loading, onReach }: { loading: boolean; onReach: () => void }) {
  const t = useTranslations('ui');
  const marker = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = marker.current;
    if (!element || loading) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onReach(), { rootMargin: '600px' });
    observer.observe(element);
    return () => observer.disconnect();
  }, [loading, onReach]);
  return (
    <div ref={marker} className="flex justify-center py-6">
      <Button onClick={onReach} busy={loading}>
        {t('more')}
      </Button>
    </div>
  );
}
