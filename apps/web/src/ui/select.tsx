'use client';

import { Check, ChevronsUpDown } from 'lucide-react';
import { Select as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { classNames } from './class-names';
import { useFieldControl } from './field';
import { useNonce } from './nonce';

export interface SelectOption<Value extends string> {
  value: Value;
  label: ReactNode;
  icon?: ReactNode;
}

export interface SelectProps<Value extends string> {
  value: Value;
  onChange: (value: Value) => void;
  options: readonly SelectOption<Value>[];
  /** Needed when no Field names it. */
  label?: string;
  /** Said before the value inside the control: "Status: Completed". */
  prefix?: ReactNode;
  size?: 'sm' | 'md';
  disabled?: boolean;
  className?: string;
}

/** One of a list. Values must not be empty strings. */
export function Select<Value extends string>({
  value,
  onChange,
  options,
  label,
  prefix,
  size = 'md',
  disabled,
  className,
}: SelectProps<Value>) {
  const nonce = useNonce();
  return (
    <Primitive.Root value={value} onValueChange={(next) => onChange(next as Value)} disabled={disabled}>
      <Primitive.Trigger
        {...useFieldControl()}
        aria-label={label}
        className={classNames(
          'inline-flex min-w-0 items-center justify-between gap-2 rounded-md border border-line-strong bg-surface text-left',
          'transition-colors hover:border-control hover:bg-hover data-[state=open]:border-control disabled:bg-sunken disabled:text-faint',
          size === 'sm' ? 'h-7 px-2 text-sm' : 'h-8.5 px-3 text-md',
          className,
        )}
      >
        <span className="flex min-w-0 items-center gap-1.5 truncate">
          {prefix ? <span className="text-muted">{prefix}</span> : null}
          {/* Said here rather than found by Radix, which knows its items only in the browser. */}
          <Primitive.Value>{options.find((option) => option.value === value)?.label}</Primitive.Value>
        </span>
        <ChevronsUpDown aria-hidden className="size-3.5 shrink-0 text-faint" />
      </Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          position="popper"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 max-h-(--radix-select-content-available-height) min-w-(--radix-select-trigger-width) max-w-80 animate-appear overflow-hidden rounded-md bg-raised shadow-2"
        >
          <Primitive.Viewport nonce={nonce} className="p-1">
            {options.map((option) => (
              <Primitive.Item
                key={option.value}
                value={option.value}
                className="relative flex min-h-8 cursor-pointer select-none items-center gap-2 rounded-sm py-1 pl-2 pr-8 text-md outline-none data-highlighted:bg-hover"
              >
                {option.icon}
                <Primitive.ItemText>{option.label}</Primitive.ItemText>
                <Primitive.ItemIndicator className="absolute right-2 text-accent-text">
                  <Check aria-hidden className="size-4" />
                </Primitive.ItemIndicator>
              </Primitive.Item>
            ))}
          </Primitive.Viewport>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
