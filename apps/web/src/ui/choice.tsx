'use client';

import { Check } from 'lucide-react';
import { Checkbox as CheckboxPrimitive, RadioGroup as RadioPrimitive } from 'radix-ui';
import { useId, type ReactNode } from 'react';
import { classNames } from './class-names';

const BOX =
  'flex size-4.5 shrink-0 items-center justify-center border border-control bg-surface text-on-accent transition-colors ' +
  'hover:border-text data-[state=checked]:border-accent-line data-[state=checked]:bg-accent disabled:border-line disabled:bg-sunken';

interface ChoiceText {
  label: ReactNode;
  hint?: ReactNode;
}

function ChoiceLabel({ id, label, hint }: ChoiceText & { id: string }) {
  return (
    <span className="flex min-w-0 flex-col">
      <label htmlFor={id} className="text-md">
        {label}
      </label>
      {hint ? (
        <span id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </span>
      ) : null}
    </span>
  );
}

export function Checkbox({
  checked,
  onChange,
  disabled,
  className,
  ...text
}: ChoiceText & { checked: boolean; onChange: (checked: boolean) => void; disabled?: boolean; className?: string }) {
  const id = useId();
  return (
    <div className={classNames('flex items-start gap-2.5', className)}>
      <CheckboxPrimitive.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(state) => onChange(state === true)}
        aria-describedby={text.hint ? `${id}-hint` : undefined}
        className={classNames(BOX, 'mt-0.5 rounded-sm')}
      >
        <CheckboxPrimitive.Indicator>
          <Check aria-hidden className="size-3.5" strokeWidth={3} />
        </CheckboxPrimitive.Indicator>
      </CheckboxPrimitive.Root>
      <ChoiceLabel id={id} {...text} />
    </div>
  );
}

export interface RadioOption<Value extends string> extends ChoiceText {
  value: Value;
}

export function RadioGroup<Value extends string>({
  legend,
  value,
  onChange,
  options,
  disabled,
  className,
}: {
  legend: ReactNode;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly RadioOption<Value>[];
  disabled?: boolean;
  className?: string;
}) {
  const id = useId();
  return (
    <div className="flex flex-col gap-2">
      <span id={id} className="text-sm font-medium">
        {legend}
      </span>
      <RadioPrimitive.Root
        aria-labelledby={id}
        value={value}
        disabled={disabled}
        onValueChange={(next) => onChange(next as Value)}
        className={classNames('flex flex-col gap-2', className)}
      >
        {options.map((option) => (
          <div key={option.value} className="flex items-start gap-2.5">
            <RadioPrimitive.Item
              id={`${id}-${option.value}`}
              value={option.value}
              aria-describedby={option.hint ? `${id}-${option.value}-hint` : undefined}
              className={classNames(BOX, 'mt-0.5 rounded-full')}
            >
              <RadioPrimitive.Indicator className="size-2 rounded-full bg-on-accent" />
            </RadioPrimitive.Item>
            <ChoiceLabel id={`${id}-${option.value}`} label={option.label} hint={option.hint} />
          </div>
        ))}
      </RadioPrimitive.Root>
    </div>
  );
}
