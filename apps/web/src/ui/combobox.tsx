'use client';

import { Command } from 'cmdk';
import { Check, ChevronsUpDown } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { classNames } from './class-names';

export interface ComboboxOption<Value extends string> {
  value: Value;
  /** Searched and shown. */
  label: string;
  icon?: ReactNode;
}

/** Rows drawn at most; typing brings up the others. */
const SHOWN = 60;

/** One of a list of any length, found by typing a part of its name. */
export function Combobox<Value extends string>({
  label,
  value,
  onChange,
  options,
  className,
}: {
  /** Its name and what is asked for. */
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly ComboboxOption<Value>[];
  className?: string;
}) {
  const t = useTranslations('ui');
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text).trim().toLocaleLowerCase();
  const matching = wanted ? options.filter((option) => option.label.toLocaleLowerCase().includes(wanted)) : options;
  const chosen = options.find((option) => option.value === value);
  const close = () => {
    setOpen(false);
    setText('');
  };
  return (
    <Popover.Root open={open} onOpenChange={(next) => (next ? setOpen(true) : close())}>
      <Popover.Trigger
        aria-label={`${label}: ${chosen?.label ?? ''}`}
        className={classNames(
          'inline-flex h-8.5 min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-surface px-3 text-md',
          'transition-colors hover:border-control hover:bg-hover data-[state=open]:border-control',
          className,
        )}
      >
        <span className="flex min-w-0 items-center gap-1.5">
          {chosen?.icon}
          <span className="truncate">{chosen?.label}</span>
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          aria-label={label}
          className="z-50 w-64 animate-appear overflow-hidden rounded-md bg-raised shadow-2"
        >
          <Command label={label} shouldFilter={false} loop>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder={label}
              className="h-9 w-full border-b bg-transparent px-3 text-md outline-none"
            />
            <Command.List className="max-h-72 overflow-y-auto p-1">
              {matching.length === 0 ? (
                <p className="px-2 py-4 text-center text-sm text-muted">{t('no_match')}</p>
              ) : null}
              {matching.slice(0, SHOWN).map((option) => (
                <Command.Item
                  key={option.value}
                  value={option.value}
                  onSelect={() => {
                    onChange(option.value);
                    close();
                  }}
                  className="flex min-h-8 cursor-pointer items-center gap-2 rounded-sm px-2 py-1 text-md aria-selected:bg-hover"
                >
                  {option.icon}
                  <span className="min-w-0 flex-1 truncate">{option.label}</span>
                  {option.value === value ? <Check aria-hidden className="size-4 text-accent-text" /> : null}
                </Command.Item>
              ))}
              {matching.length > SHOWN ? (
                <p className="px-2 py-1.5 text-xs text-faint">
                  {t('more_by_typing', { count: matching.length - SHOWN })}
                </p>
              ) : null}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
