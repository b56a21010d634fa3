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
  /** Tells those of one name apart. */
  detail?: string | undefined;
  icon?: ReactNode;
}

/** For options that are found elsewhere, as one types. */
export interface ComboboxSearch {
  /** Called when it is opened, and with everything that is typed. */
  readonly onType: (text: string) => void;
  readonly pending: boolean;
  readonly problem: string | null;
  /** How many are found at most, if that many were. */
  readonly limit: number | null;
}

/** Rows drawn at most; typing brings up the others. */
const SHOWN = 60;

/** One of a list of any length, found by typing a part of its name. */
export function Combobox<Value extends string>({
  label,
  value,
  chosen,
  onChange,
  options,
  search = null,
  className,
}: {
  /** Its name and what is asked for. */
  label: string;
  value: Value;
  /** What `value` is called, where the options may not have it. */
  chosen?: ComboboxOption<Value> | undefined;
  onChange: (value: Value) => void;
  options: readonly ComboboxOption<Value>[];
  search?: ComboboxSearch | null;
  className?: string;
}) {
  const t = useTranslations('ui');
  const [open, setOpen] = useState(false);
  const [text, setText] = useState('');
  const wanted = useDeferredValue(text).trim().toLocaleLowerCase();
  const matching =
    wanted && !search ? options.filter((option) => option.label.toLocaleLowerCase().includes(wanted)) : options;
  const current = chosen ?? options.find((option) => option.value === value);
  const type = (next: string) => {
    setText(next);
    search?.onType(next);
  };
  const close = () => {
    setOpen(false);
    type('');
  };
  return (
    <Popover.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) return close();
        setOpen(true);
        search?.onType('');
      }}
    >
      <Popover.Trigger
        aria-label={`${label}: ${current?.label ?? ''}`}
        className={classNames(
          'inline-flex h-8.5 min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-surface px-3 text-md',
          'transition-colors hover:border-control hover:bg-hover data-[state=open]:border-control',
          className,
        )}
      >
        <span className="flex min-w-0 items-center gap-1.5">
          {current?.icon}
          <span className="truncate">{current?.label}</span>
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
              onValueChange={type}
              placeholder={label}
              className="h-9 w-full border-b bg-transparent px-3 text-md outline-none"
            />
            {search ? <SearchStatus search={search} found={matching.length} /> : null}
            <Command.List className="max-h-72 overflow-y-auto p-1" aria-busy={search?.pending}>
              {matching.length === 0 && !search ? (
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
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{option.label}</span>
                    {option.detail ? <span className="block truncate text-xs text-muted">{option.detail}</span> : null}
                  </span>
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

/** What came of searching, said to those who cannot see the list too. */
function SearchStatus({ search, found }: { search: ComboboxSearch; found: number }) {
  const t = useTranslations('ui');
  const text = search.problem
    ? search.problem
    : search.pending
      ? t('searching')
      : found === 0
        ? t('no_match')
        : search.limit === null
          ? t('found', { count: found })
          : t('first_found', { count: search.limit });
  return (
    <p
      role="status"
      className={classNames('border-b px-3 py-1.5 text-xs', search.problem ? 'text-danger' : 'text-muted')}
    >
      {text}
    </p>
  );
}
