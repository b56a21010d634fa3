'use client';

import { useTranslations } from 'next-intl';
import { Avatar } from '@/ui/avatar';
import { Tooltip } from '@/ui/tooltip';
import { useLiveView } from './use-live-view';

const SHOWN = 4;

/** The others who have the project open. */
export function PeopleHere({ projectId, me, className }: { projectId: number; me?: string; className?: string }) {
  const t = useTranslations('live');
  const { people } = useLiveView(projectId);
  const others = people.filter(({ user_id }) => user_id !== me);
  if (others.length === 0) return null;
  const names = others.map(({ user_name }) => user_name).join(', ');
  const shown = others.length > SHOWN ? others.slice(0, SHOWN - 1) : others;
  return (
    <Tooltip label={t('here', { names })}>
      <div
        role="img"
        tabIndex={0}
        aria-label={t('here', { names })}
        data-testid="people-here"
        className={`flex items-center -space-x-1.5 rounded-full ${className ?? ''}`}
      >
        {shown.map((person) => (
          <Avatar
            key={person.user_id}
            name={person.user_name}
            color={person.badge_color}
            className="ring-2 ring-surface"
          />
        ))}
        {others.length > shown.length ? (
          <span
            aria-hidden
            className="tabular inline-flex size-7 items-center justify-center rounded-full bg-pressed text-2xs font-semibold ring-2 ring-surface"
          >
            +{others.length - shown.length}
          </span>
        ) : null}
      </div>
    </Tooltip>
  );
}
