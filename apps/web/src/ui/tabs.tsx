'use client';

import { Tabs as Primitive } from 'radix-ui';
import Link from 'next/link';
import { useEffect, useRef, type ReactNode } from 'react';
import { classNames } from './class-names';

const TAB =
  'relative inline-flex h-10 shrink-0 items-center gap-1.5 px-0.5 text-md text-muted transition-colors hover:text-text ' +
  'after:absolute after:inset-x-0 after:bottom-0 after:h-0.5 after:rounded-full aria-[current=page]:text-text ' +
  'aria-[current=page]:after:bg-accent';
const BAR = 'flex gap-5 overflow-x-auto overflow-y-hidden border-b [scrollbar-width:none]';

export interface TabLink {
  href: string;
  label: ReactNode;
  current: boolean;
  count?: ReactNode;
}

/** Tabs that are pages of their own: links, so that they can be opened, copied and gone back to. */
export function TabLinks({ label, tabs, className }: { label: string; tabs: readonly TabLink[]; className?: string }) {
  const bar = useRef<HTMLElement>(null);
  const current = tabs.find((tab) => tab.current)?.href;
  useEffect(() => {
    const element = bar.current;
    if (!element) return;
    // In a window too narrow for all of them, the page one is on is in sight.
    const observer = new ResizeObserver(() => {
      const tab = element.querySelector('[aria-current="page"]')?.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      if (tab) element.scrollLeft += tab.left + tab.width / 2 - (box.left + box.width / 2);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [current]);
  return (
    <nav ref={bar} aria-label={label} className={classNames(BAR, className)}>
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} aria-current={tab.current ? 'page' : undefined} className={TAB}>
          {tab.label}
          {tab.count !== undefined ? <span className="tabular text-xs text-faint">{tab.count}</span> : null}
        </Link>
      ))}
    </nav>
  );
}

const PILL =
  'inline-flex h-7 shrink-0 items-center gap-1.5 rounded-sm px-3 text-sm text-muted transition-colors hover:text-text ' +
  'data-[state=active]:bg-surface data-[state=active]:text-text data-[state=active]:shadow-1';

/** Tabs within a page. */
export function Tabs<Value extends string>({
  label,
  value,
  onChange,
  tabs,
  children,
  className,
}: {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  tabs: readonly { value: Value; label: ReactNode; count?: ReactNode }[];
  children: ReactNode;
  className?: string;
}) {
  return (
    <Primitive.Root value={value} onValueChange={(next) => onChange(next as Value)} className={className}>
      <Primitive.List
        aria-label={label}
        className="inline-flex max-w-full gap-0.5 overflow-x-auto rounded-md bg-pressed p-0.5 [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <Primitive.Trigger key={tab.value} value={tab.value} className={PILL}>
            {tab.label}
            {tab.count !== undefined ? <span className="tabular text-xs text-faint">{tab.count}</span> : null}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {children}
    </Primitive.Root>
  );
}

export function TabPanel({ value, className, children }: { value: string; className?: string; children: ReactNode }) {
  return (
    <Primitive.Content value={value} className={classNames('focus-visible:outline-offset-4', className)}>
      {children}
    </Primitive.Content>
  );
}
