'use client';

import { CircleAlert } from 'lucide-react';
import { createContext, use, useId, type ComponentProps, type ReactNode } from 'react';
import { classNames } from './class-names';

interface FieldIds {
  readonly control: string;
  readonly describedBy: string | undefined;
  readonly invalid: boolean;
}
const FieldContext = createContext<FieldIds | null>(null);

/** Ids a control inside a {@link Field} carries, so that its label, hint and error are read out with it. */
export function useFieldControl(): { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: true } {
  const field = use(FieldContext);
  return field
    ? { id: field.control, 'aria-describedby': field.describedBy, 'aria-invalid': field.invalid || undefined }
    : {};
}

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  /** Said after the label of a field that may stay empty. */
  optional?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** Label, control, hint and error of one input, tied together. */
export function Field({ label, hint, error, optional, className, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <FieldContext value={{ control: id, describedBy: described || undefined, invalid: Boolean(error) }}>
      <div className={classNames('flex flex-col gap-1.5', className)}>
        <label htmlFor={id} className="text-sm font-medium">
          {label}
          {optional ? <span className="ml-1.5 font-normal text-faint">{optional}</span> : null}
        </label>
        {children}
        {hint ? (
          <p id={`${id}-hint`} className="text-xs text-muted">
            {hint}
          </p>
        ) : null}
        {error ? (
          <p id={`${id}-error`} role="alert" className="flex items-start gap-1.5 text-sm text-danger">
            <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            {error}
          </p>
        ) : null}
      </div>
    </FieldContext>
  );
}

const CONTROL =
  'w-full rounded-md border border-control bg-surface px-3 text-md text-text transition-colors hover:border-text ' +
  'focus-visible:outline-offset-0 disabled:border-line disabled:bg-sunken disabled:text-muted aria-invalid:border-danger';

export function Input({ className, ...props }: ComponentProps<'input'>) {
  return <input {...useFieldControl()} className={classNames(CONTROL, 'h-8.5', className)} {...props} />;
}

export function TextArea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea {...useFieldControl()} className={classNames(CONTROL, 'min-h-20 py-2', className)} {...props} />;
}
