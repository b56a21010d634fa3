import type { Restore } from '@labelyard/contract';
import { RESTORE_KINDS } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import { useEffect, useRef } from 'react';
import { Button } from '@/ui/button';

/**
 * What came of bringing an image back, and the way back from there. Not a toast: while a dialog is open nothing outside of it can be
 * reached, and it would lie over the dialog.
 */
export function BroughtBack({
  restored: { counts, undo },
  busy,
  onUndo,
}: {
  restored: Restore;
  busy: boolean;
  onUndo: (at: string) => void;
}) {
  const t = useTranslations('time_travel');
  const words = useRef<HTMLParagraphElement>(null);
  // The button that was pressed is gone: the focus goes on where the undo is next.
  useEffect(() => words.current?.focus(), []);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <p ref={words} tabIndex={-1} className="outline-none">
        {t('done', { count: RESTORE_KINDS.reduce((sum, kind) => sum + (counts[kind] ?? 0), 0) })}
      </p>
      {undo?.kind === 'image' ? (
        <Button size="sm" busy={busy} onClick={() => onUndo(undo.at)}>
          {t('undo')}
        </Button>
      ) : null}
    </div>
  );
}
