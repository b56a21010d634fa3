'use client';

import type { UserSummary } from '@labelyard/contract';
import { UserRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Avatar } from '@/ui/avatar';
import { Badge } from '@/ui/badge';
import { classNames } from '@/ui/class-names';

/** A person wherever one is named: somebody nobody knows any more, and an account that is switched off, are shown as such. */
export function PersonName({
  person,
  id,
  detail,
  self = false,
  className,
}: {
  /** Null: the directory does not know them (any more). */
  person: Pick<UserSummary, 'full_name' | 'email' | 'badge_color' | 'is_active'> | null;
  /** Shown in place of the e-mail address of somebody unknown. */
  id?: string;
  /** The second line; the e-mail address when not given, none when null. */
  detail?: string | null;
  /** It is the person who looks. */
  self?: boolean;
  className?: string;
}) {
  const t = useTranslations('people.person');
  const name = person ? person.full_name || person.email : t('unknown');
  const second = detail === undefined ? (person?.email ?? id) : detail;
  return (
    <span className={classNames('flex min-w-0 items-center gap-3', className)}>
      {person ? (
        <Avatar
          name={name}
          color={person.badge_color}
          className={person.is_active ? undefined : 'opacity-50 grayscale'}
        />
      ) : (
        <span aria-hidden className="inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-pressed">
          <UserRound className="size-4 text-faint" />
        </span>
      )}
      <span className="min-w-0">
        <span className="flex flex-wrap items-center gap-x-2">
          <span className={classNames('min-w-0 break-words font-medium', !person?.is_active && 'text-muted')}>
            {name}
          </span>
          {self ? <span className="text-sm text-muted">{t('you')}</span> : null}
          {person && !person.is_active ? <Badge tone="warning">{t('deactivated')}</Badge> : null}
        </span>
        {second ? <span className="block truncate text-sm text-muted">{second}</span> : null}
      </span>
    </span>
  );
}
