'use client';

import { MessageSquare } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/ui/icon-button';
import type { useTeamwork } from './use-teamwork';

/** Opens and closes the comments beside the image; says how many are open. */
export function CommentsToggle({ teamwork }: { teamwork: ReturnType<typeof useTeamwork> }) {
  const t = useTranslations('comments');
  const open = teamwork.comments.threads.filter(({ resolved_at }) => resolved_at === null).length;
  return (
    <span className="relative">
      <IconButton
        label={t('toggle', { count: open })}
        shortcut="⇧ M"
        pressed={teamwork.panelOpen}
        onClick={() => teamwork.setPanelOpen(!teamwork.panelOpen)}
      >
        <MessageSquare aria-hidden />
      </IconButton>
      {open > 0 ? (
        <span
          aria-hidden
          className="tabular pointer-events-none absolute -right-0.5 -top-0.5 min-w-4 rounded-full bg-accent px-1 text-center text-2xs font-semibold text-on-accent"
        >
          {open}
        </span>
      ) : null}
    </span>
  );
}
