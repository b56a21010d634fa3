'use client';

import { Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { standInLine } from '../session/image-tabs';

/** Says that one has the image open in another tab as well. Nothing is locked: versions keep both tabs' edits safe. */
export function OtherTabNote({ userId, imageId }: { userId: string; imageId: number }) {
  const t = useTranslations('live');
  const [elsewhere, setElsewhere] = useState(false);
  useEffect(() => {
    // Only over HTTPS and on the machine itself.
    const locks = navigator.locks as LockManager | undefined;
    const leave = locks && standInLine({ user_id: userId, image_id: imageId }, locks, setElsewhere);
    return () => {
      leave?.();
      setElsewhere(false);
    };
  }, [userId, imageId]);
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 bottom-3 z-10 flex justify-center px-3">
      {elsewhere ? (
        <p
          data-testid="other-tab"
          className="flex max-w-full items-center gap-2 rounded-md border bg-surface px-3 py-1.5 text-sm shadow-2"
        >
          <Copy aria-hidden className="size-4 shrink-0 text-warning" />
          <span>
            <span className="font-medium">{t('other_tab')}</span>{' '}
            <span className="text-muted">{t('other_tab_safe')}</span>
          </span>
        </p>
      ) : null}
    </div>
  );
}
