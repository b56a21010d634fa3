'use client';

import { useTranslations } from 'next-intl';
import { Avatar } from '@/ui/avatar';
import type { LiveView } from './live-board';

/** Who works on, or looks at, an image: a small picture in the corner of its thumbnail. */
export function ImageVisitors({ view, imageId, me }: { view: LiveView; imageId: number; me?: string }) {
  const t = useTranslations('live');
  const holder = view.locks.get(imageId);
  const looking = view.people.filter((person) => person.image_id === imageId && person.user_id !== me);
  const first =
    holder && holder.user_id !== me
      ? { name: holder.user_name, color: view.people.find(({ user_id }) => user_id === holder.user_id)?.badge_color }
      : looking[0] && { name: looking[0].user_name, color: looking[0].badge_color };
  if (!first) return null;
  const names = [...new Set([first.name, ...looking.map(({ user_name }) => user_name)])].join(', ');
  return (
    <span className="pointer-events-none absolute right-1 top-1 flex" data-testid="visitors" title={names}>
      <Avatar name={first.name} color={first.color} className="size-5 ring-2 ring-surface" />
      <span className="sr-only">{t('on_image', { names })}</span>
    </span>
  );
}
