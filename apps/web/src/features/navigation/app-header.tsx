import type { Me } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { OwnNews } from '@/features/events/own-news';
import { InvitationsBadge } from '@/features/invitations/invitations-badge';
import { Inbox } from '@/features/notifications/inbox';
import { UserMenu } from '@/features/session/user-menu';
import { CommandPalette } from './command-palette';
import { Logo } from './logo';
import { WorkLink } from './work-link';

/** The bar above every page: the way home, the way to anywhere, and who you are. */
export function AppHeader({ me }: { me: Me }) {
  const t = useTranslations('app');
  return (
    <header className="sticky top-0 z-30 border-b bg-bg">
      <OwnNews />
      <div className="mx-auto flex h-13 max-w-400 items-center gap-3 px-4 sm:px-6">
        <Link href="/datasets" className="flex rounded-sm">
          <Logo name={t('name')} compact />
        </Link>
        <div className="ml-auto flex items-center gap-2.5">
          <WorkLink />
          <CommandPalette />
          <InvitationsBadge />
          <Inbox />
          <UserMenu me={me} />
        </div>
      </div>
    </header>
  );
}
