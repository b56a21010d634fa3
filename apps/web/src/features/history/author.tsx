import type { UserSummary } from '@labelyard/contract';
import { serviceTokenId } from '@labelyard/domain';
import { Bot, Cog } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Avatar } from '@/ui/avatar';

interface Who {
  user_id: string | null;
  user: UserSummary | null;
}

/** The name of whoever did something: a person, a program, the system, or somebody who is gone. */
export function useAuthorName(): (who: Who) => string {
  const t = useTranslations('activity');
  return ({ user_id, user }) => {
    if (user) return user.full_name || user.email;
    return user_id === null ? t('system') : t('unknown');
  };
}

/** Their picture. */
export function AuthorMark({ user_id, user }: Who) {
  const name = useAuthorName()({ user_id, user });
  const Icon = user_id === null ? Cog : serviceTokenId(user_id) === null ? null : Bot;
  if (!Icon) return <Avatar name={name} color={user?.badge_color} />;
  return (
    <span className="inline-flex size-7 shrink-0 items-center justify-center rounded-full bg-pressed text-muted">
      <Icon aria-hidden className="size-4" />
    </span>
  );
}
