'use client';

import type { LabelClass } from '@labelyard/contract';
import { GripVertical, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ComponentProps } from 'react';
import { classNames } from '@/ui/class-names';
import { IconButton } from '@/ui/icon-button';
import { Kbd } from '@/ui/kbd';
import { ColorPicker } from './color-picker';

export interface ClassRowProps {
  item: LabelClass;
  /** Place in the list, from 0; the first nine are number keys in the workbench. */
  index: number;
  editable: boolean;
  carried: boolean;
  handleProps?: ComponentProps<'button'>;
  onRename: (name: string) => void;
  onRecolor: (color: string) => void;
  onDelete: () => void;
}

export function ClassRow({
  item,
  index,
  editable,
  carried,
  handleProps,
  onRename,
  onRecolor,
  onDelete,
}: ClassRowProps) {
  const t = useTranslations('classes');
  return (
    <div
      className={classNames(
        'flex h-12 items-center gap-2 border-b bg-surface px-2 transition-shadow sm:gap-3 sm:px-3',
        carried && 'relative z-10 rounded-md border-transparent shadow-2',
      )}
    >
      {editable ? (
        <button
          type="button"
          aria-label={t('move', { name: item.name })}
          aria-pressed={carried}
          className="-ml-1 cursor-grab touch-none rounded-sm p-1.5 text-faint hover:bg-hover hover:text-text active:cursor-grabbing"
          {...handleProps}
        >
          <GripVertical aria-hidden className="size-4" />
        </button>
      ) : null}
      <span className="flex w-6 justify-center">
        {index < 9 ? <Kbd keys={String(index + 1)} /> : <span className="tabular text-xs text-faint">{index + 1}</span>}
      </span>
      {editable ? (
        <ColorPicker label={t('color', { name: item.name })} value={item.color} onChange={onRecolor} />
      ) : (
        <span aria-hidden className="size-5 rounded-sm" style={{ background: item.color }} />
      )}
      {editable ? (
        <NameField key={item.name} name={item.name} label={t('name_of', { name: item.name })} onRename={onRename} />
      ) : (
        <span className="min-w-0 flex-1 truncate">{item.name}</span>
      )}
      {item.keypoints.length > 0 ? (
        <span className="hidden text-sm text-muted sm:inline">{t('keypoints', { count: item.keypoints.length })}</span>
      ) : null}
      {editable ? (
        <IconButton label={t('delete', { name: item.name })} size="sm" onClick={onDelete}>
          <Trash2 aria-hidden />
        </IconButton>
      ) : null}
    </div>
  );
}

/** The name, edited where it stands. Enter or leaving saves, Escape gives up. */
function NameField({ name, label, onRename }: { name: string; label: string; onRename: (name: string) => void }) {
  const [text, setText] = useState(name);
  return (
    <input
      value={text}
      aria-label={label}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => {
        const next = text.trim();
        if (next && next !== name) onRename(next);
        else setText(name);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') {
          event.stopPropagation();
          setText(name);
        }
      }}
      className="h-8 min-w-0 flex-1 truncate rounded-sm border border-transparent bg-transparent px-2 transition-colors hover:border-line-strong focus:border-control focus-visible:outline-offset-0"
    />
  );
}
