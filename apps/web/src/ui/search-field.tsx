'use client';

import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { classNames } from './class-names';

/** A search box that reports its text, trimmed, once the person has paused typing (or pressed Enter). */
export function SearchField({
  label,
  value,
  onChange,
  className,
}: {
  /** Its name and its placeholder. */
  label: string;
  value: string;
  onChange: (text: string) => void;
  className?: string;
}) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  if (value !== seen) {
    setSeen(value);
    // Changed from outside (cleared, or "back"): follow. Our own report coming back: keep what is being typed.
    if (value !== text.trim()) setText(value);
  }
  useEffect(() => () => clearTimeout(timer.current), []);

  const report = (next: string, delay: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next.trim()), delay);
  };

  return (
    <label className={classNames('relative block', className)}>
      <span className="sr-only">{label}</span>
      <Search aria-hidden className="pointer-events-none absolute left-2.5 top-2.25 size-4 text-faint" />
      <input
        type="search"
        value={text}
        maxLength={200}
        placeholder={label}
        onChange={(event) => {
          setText(event.target.value);
          report(event.target.value, 250);
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') report(text, 0);
        }}
        className="h-8.5 w-full rounded-md border border-line-strong bg-surface pl-8.5 pr-2.5 text-md hover:border-control focus-visible:outline-offset-0"
      />
    </label>
  );
}
