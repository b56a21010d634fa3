'use client';

import { useQuery } from '@tanstack/react-query';
import { Mail } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/ui/icon-button';
import { invitationCountQuery } from './invitation-queries';

/** The way to one's invitations, with how many wait for an answer. */
export function InvitationsBadge() {
  const t = useTranslations('people.invitations');
  const count = useQuery(invitationCountQuery()).data?.received ?? 0;
  return (
    <IconButton asChild label={t('badge', { count })} className="relative">
      <Link href="/invitations">
        <Mail aria-hidden />
        {count > 0 ? (
          <span
            aria-hidden
            // Drawn, not written: the link's name says the number in words.
            data-count={count > 99 ? '99+' : count}
            className="tabular absolute -right-0.5 -top-0.5 flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-2xs font-semibold text-on-accent before:content-[attr(data-count)]"
          />
        ) : null}
      </Link>
    </IconButton>
  );
}
