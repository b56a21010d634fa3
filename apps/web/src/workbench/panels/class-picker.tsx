'use client';

import type { LabelClass } from '@labelyard/contract';
import { can, type Role } from '@labelyard/domain';
import { useVirtualizer } from '@tanstack/react-virtual';
import { Eye, EyeOff, Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { useMemo, useRef, useState } from 'react';
import { classNames } from '@/ui/class-names';
import { IconButton } from '@/ui/icon-button';
import { Kbd } from '@/ui/kbd';
import { useEditor, useEditorPart } from '../session/use-session';

const ROW = 32;

/** Classes of the task at hand: number keys for the first nine, type-ahead for any number of them. */
export function ClassPicker({
  classes,
  role,
  dataset_id,
  inputRef,
}: {
  classes: readonly LabelClass[];
  role: Role;
  dataset_id: number;
  inputRef: React.RefObject<HTMLInputElement | null>;
}) {
  'use no memo';
  const t = useTranslations('workbench');
  const editor = useEditor();
  const active = useEditorPart((snapshot) => snapshot.active_class_id);
  const hidden = useEditorPart((snapshot) => snapshot.view.hidden_class_ids);
  const labels = useEditorPart((snapshot) => snapshot.shapes);
  const tool = useEditorPart((snapshot) => snapshot.tool);
  const [query, setQuery] = useState('');
  const [cursor, setCursor] = useState(0);
  // Not deferred: Enter right after the last letter must take the class of what was typed, not of what was on screen before.
  const wanted = query.trim().toLocaleLowerCase();
  const found = useMemo(
    () =>
      classes
        .map((item, index) => ({ item, index }))
        .filter(({ item }) => item.name.toLocaleLowerCase().includes(wanted)),
    [classes, wanted],
  );
  const given = useMemo(
    () => new Set(labels.filter((shape) => shape.annotation_type === 'classification').map((shape) => shape.class_id)),
    [labels],
  );
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const choose = (class_id: number) => editor.chooseClass(class_id);
  const at = Math.min(cursor, found.length - 1);

  const onKeyDown = (event: React.KeyboardEvent) => {
    // The Enter that ends a syllable (Korean …) is not the one that chooses.
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length > 0) {
      event.preventDefault();
      const next = (at + step + found.length) % found.length;
      setCursor(next);
      virtualizer.scrollToIndex(next);
    }
    const chosen = found[at]?.item;
    if (event.key === 'Enter' && chosen) choose(chosen.id);
    if (event.key === 'Enter' || event.key === 'Escape') {
      setQuery('');
      setCursor(0);
      document.querySelector<HTMLElement>('[data-testid="canvas"]')?.focus();
    }
  };

  return (
    <section aria-label={t('classes.title')} className="flex min-h-0 flex-1 flex-col">
      <div className="relative p-2">
        <Search
          aria-hidden
          className="pointer-events-none absolute left-4 top-1/2 size-4 -translate-y-1/2 text-faint"
        />
        <input
          ref={inputRef}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setCursor(0);
          }}
          onKeyDown={onKeyDown}
          placeholder={t('classes.search')}
          aria-label={t('classes.search')}
          aria-controls="class-options"
          aria-activedescendant={found[at] ? `class-option-${found[at].item.id}` : undefined}
          role="combobox"
          aria-expanded="true"
          className="h-8 w-full rounded-md border border-line-strong bg-bg pl-8 pr-8 text-sm"
        />
        <Kbd keys="/" className="pointer-events-none absolute right-4 top-1/2 -translate-y-1/2" />
      </div>
      {classes.length === 0 ? (
        <p className="px-3 py-2 text-sm text-muted">
          {t('classes.none')}{' '}
          {can(role, 'class.manage') ? (
            <Link className="font-medium text-accent-text underline" href={`/datasets/${dataset_id}?tab=classes`}>
              {t('classes.add')}
            </Link>
          ) : null}
        </p>
      ) : null}
      <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2 pb-2">
        <div className="relative" style={{ height: virtualizer.getTotalSize() }}>
          <div id="class-options" role="listbox" aria-label={t('classes.title')}>
            {virtualizer.getVirtualItems().map((row) => {
              const entry = found[row.index];
              if (!entry) return null;
              const { item, index } = entry;
              const selected = tool === 'classify' ? given.has(item.id) : active === item.id;
              return (
                <div
                  key={item.id}
                  id={`class-option-${item.id}`}
                  role="option"
                  aria-selected={selected}
                  onClick={() => choose(item.id)}
                  className={classNames(
                    'absolute inset-x-0 flex cursor-pointer items-center gap-2 rounded-md px-2 pr-9 text-sm',
                    selected ? 'bg-accent-soft font-medium text-text' : 'text-muted hover:bg-hover hover:text-text',
                    query && row.index === at && 'ring-1 ring-inset ring-focus',
                  )}
                  style={{ height: ROW, transform: `translateY(${row.start}px)` }}
                >
                  <span aria-hidden className="size-3 shrink-0 rounded-sm" style={{ background: item.color }} />
                  <span className="min-w-0 flex-1 truncate">{item.name}</span>
                  {index < 9 ? <Kbd keys={String(index + 1)} /> : null}
                </div>
              );
            })}
          </div>
          {/* Beside the options, not in them: an option may hold nothing that can be pressed. */}
          {virtualizer.getVirtualItems().map((row) => {
            const item = found[row.index]?.item;
            if (!item) return null;
            const isHidden = hidden.has(item.id);
            return (
              <IconButton
                key={item.id}
                size="sm"
                label={isHidden ? t('classes.show', { name: item.name }) : t('classes.hide', { name: item.name })}
                className={classNames(
                  'absolute right-1 size-6',
                  !isHidden && 'opacity-0 hover:opacity-100 focus-visible:opacity-100',
                )}
                style={{ transform: `translateY(${row.start + (ROW - 24) / 2}px)` }}
                onClick={() => {
                  const next = new Set(hidden);
                  if (!next.delete(item.id)) next.add(item.id);
                  editor.setView({ hidden_class_ids: next });
                }}
              >
                {isHidden ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
              </IconButton>
            );
          })}
        </div>
      </div>
      {found.length === 0 && classes.length > 0 ? (
        <p className="px-3 pb-3 text-sm text-muted">{t('classes.no_match')}</p>
      ) : null}
    </section>
  );
}
