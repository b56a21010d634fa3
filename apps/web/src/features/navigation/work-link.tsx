'use client';

import { ListChecks } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';

/** The way to one's own work, from everywhere. */
export function WorkLink() {
  const t = useTranslations('tasks');
  const current = usePathname() === '/work';
  return (
    <Link
      href="/work"
      aria-current={current ? 'page' : undefined}
      className="inline-flex h-8.5 items-center gap-2 rounded-md px-2.5 text-sm text-muted transition-colors hover:bg-hover hover:text-text aria-[current=page]:text-text"
    >
      <ListChecks aria-hidden className="size-4.5" />
      <span className="max-sm:sr-only">{t('my_work')}</span>
    </Link>
  );
}
