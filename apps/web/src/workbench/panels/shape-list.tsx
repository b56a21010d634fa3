'use client';

import type { LabelClass } from '@labelyard/contract';
import type { Shape } from '@labelyard/editor';
import { useVirtualizer } from '@tanstack/react-virtual';
import { CheckCircle2, CircleDashed, CircleX, Lock, ShieldCheck, Trash2, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef } from 'react';
import { classNames } from '@/ui/class-names';
import { IconButton } from '@/ui/icon-button';
import { useEditor, useEditorPart } from '../session/use-session';

const ROW = 30;
const STATE_ICONS = { draft: CircleDashed, confirmed: CheckCircle2, verified: ShieldCheck } as const;

/** Everything labeled on the image, topmost first. Any number of rows: only the visible ones are in the document. */
export function ShapeList({
  classes,
  rejections,
}: {
  classes: readonly LabelClass[];
  /** Why a label was given back, by its annotation. */
  rejections: ReadonlyMap<number, string>;
}) {
  'use no memo';
  const t = useTranslations('workbench');
  const editor = useEditor();
  const shapes = useEditorPart((snapshot) => snapshot.shapes);
  const selection = useEditorPart((snapshot) => snapshot.selection);
  const readonly = useEditorPart((snapshot) => snapshot.readonly_reason !== null);
  const byId = useMemo(() => new Map(classes.map((item) => [item.id, item])), [classes]);
  const rows = useMemo(() => [...shapes].reverse(), [shapes]);
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 10,
  });
  const first = selection[0];

  useEffect(() => {
    const index = rows.findIndex((shape) => shape.id === first);
    if (index >= 0) virtualizer.scrollToIndex(index, { align: 'auto' });
    // Scrolling follows the selection, not each change of the list.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [first]);

  return (
    <section aria-label={t('shapes.title')} className="flex min-h-0 flex-1 flex-col border-t">
      <h2 className="flex items-center justify-between px-3 pb-1 pt-2.5 text-xs font-semibold text-muted">
        {t('shapes.title')}
        <span className="tabular font-normal" data-testid="shape-count">
          {shapes.length}
        </span>
      </h2>
      {rows.length === 0 ? <p className="px-3 py-1 text-sm text-faint">{t('shapes.none')}</p> : null}
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map((row) => {
            const shape = rows[row.index];
            if (!shape) return null;
            const StateIcon = STATE_ICONS[shape.state];
            const selected = selection.includes(shape.id);
            const locked = editor.isLocked(shape.id);
            const reason = shape.state === 'draft' ? rejections.get(shape.annotation_id ?? 0) : undefined;
            return (
              <li
                key={shape.id}
                className={classNames(
                  'group absolute inset-x-0 flex items-center gap-2 rounded-md px-2 text-sm',
                  selected ? 'bg-accent-soft text-text' : 'text-muted hover:bg-hover hover:text-text',
                )}
                style={{ height: ROW, transform: `translateY(${row.start}px)` }}
              >
                <button
                  type="button"
                  aria-pressed={selected}
                  className="flex h-full min-w-0 flex-1 items-center gap-2 text-left"
                  onClick={(event) => editor.select(event.shiftKey ? [...selection, shape.id] : [shape.id])}
                >
                  <span
                    aria-hidden
                    className="size-2.5 shrink-0 rounded-full"
                    style={{ background: byId.get(shape.class_id ?? 0)?.color ?? 'var(--faint)' }}
                  />
                  <span className="min-w-0 truncate">
                    {byId.get(shape.class_id ?? 0)?.name ?? t('shapes.no_class')}
                  </span>
                  <span className="tabular ml-auto shrink-0 text-xs text-faint">{t(`kinds.${kindKey(shape)}`)}</span>
                </button>
                {locked ? <Lock role="img" aria-label={t('shapes.locked')} className="size-3.5 text-faint" /> : null}
                {reason !== undefined ? (
                  <span title={reason} className="shrink-0">
                    <CircleX role="img" aria-label={t('shapes.rejected', { reason })} className="size-4 text-danger" />
                  </span>
                ) : editor.issues(shape.id).length > 0 ? (
                  <TriangleAlert role="img" aria-label={t('shapes.has_issues')} className="size-4 text-danger" />
                ) : (
                  <StateIcon
                    role="img"
                    aria-label={t(`states.${shape.state}`)}
                    className={classNames('size-4', shape.state === 'draft' ? 'text-faint' : 'text-success')}
                  />
                )}
                <IconButton
                  size="sm"
                  label={t('actions.delete')}
                  disabled={readonly || locked}
                  className="size-6 opacity-0 focus-visible:opacity-100 group-hover:opacity-100"
                  onClick={() => editor.edit({ remove: [shape.id] })}
                >
                  <Trash2 aria-hidden />
                </IconButton>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}

function kindKey({ annotation_type }: Shape): Shape['annotation_type'] {
  return annotation_type;
}
