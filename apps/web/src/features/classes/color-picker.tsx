'use client';

import { CLASS_COLORS } from '@labelyard/domain';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Popover } from 'radix-ui';
import { useState } from 'react';
import { classNames } from '@/ui/class-names';

const HEX = /^#[0-9a-f]{6}$/u;

/** A class's colour: one of those that are far apart, or any by its number. */
export function ColorPicker({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (color: string) => void;
}) {
  const t = useTranslations('classes');
  const [open, setOpen] = useState(false);
  const choose = (color: string) => {
    setOpen(false);
    if (color !== value) onChange(color);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={label}
        className="size-6 shrink-0 rounded-sm border border-transparent p-0.5 transition-colors hover:border-control"
      >
        <span className="block size-full rounded-[2px]" style={{ background: value }} />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className="z-50 w-58 animate-appear rounded-md bg-raised p-3 shadow-2"
        >
          <div className="grid grid-cols-8 gap-1">
            {CLASS_COLORS.map((color) => (
              <button
                key={color}
                type="button"
                aria-label={color}
                aria-pressed={color === value}
                onClick={() => choose(color)}
                style={{ background: color }}
                className="flex aspect-square items-center justify-center rounded-sm text-white"
              >
                <Check aria-hidden strokeWidth={3} className={classNames('size-3.5', color !== value && 'invisible')} />
              </button>
            ))}
          </div>
          <HexField key={value} label={t('hex')} value={value} onChange={choose} />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function HexField({ label, value, onChange }: { label: string; value: string; onChange: (color: string) => void }) {
  const [text, setText] = useState(value);
  const color = (text.startsWith('#') ? text : `#${text}`).trim().toLowerCase();
  return (
    <form
      className="mt-3 flex items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (HEX.test(color)) onChange(color);
      }}
    >
      <span
        aria-hidden
        className="size-8 shrink-0 rounded-sm border"
        style={{ background: HEX.test(color) ? color : 'transparent' }}
      />
      <input
        value={text}
        aria-label={label}
        aria-invalid={!HEX.test(color) || undefined}
        maxLength={7}
        spellCheck={false}
        onChange={(event) => setText(event.target.value)}
        className="h-8 w-full rounded-md border border-control bg-surface px-2 font-mono text-sm focus-visible:outline-offset-0 aria-invalid:border-danger"
      />
    </form>
  );
}
