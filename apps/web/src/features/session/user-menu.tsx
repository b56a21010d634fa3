'use client';

import type { Me } from '@labelyard/contract';
import { canSystem } from '@labelyard/domain';
import { CircleQuestionMark, Construction, KeyRound, LogOut, ScrollText, UserRoundCog, UsersRound } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { Avatar } from '@/ui/avatar';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/ui/menu';
import { usePreferences } from './use-preferences';

export function UserMenu({ me }: { me: Me }) {
  const t = useTranslations('session');
  const places = useTranslations('people.places');
  const router = useRouter();
  const { theme, themes, setTheme, locale, locales, setLocale, logout } = usePreferences();
  return (
    <Menu
      className="w-64"
      trigger={
        <button
          type="button"
          aria-label={t('menu', { name: me.full_name })}
          className="rounded-full transition-shadow hover:shadow-[0_0_0_3px_var(--hover)] data-[state=open]:shadow-[0_0_0_3px_var(--pressed)]"
        >
          <Avatar name={me.full_name || me.email} color={me.badge_color} className="size-8" />
        </button>
      }
    >
      <div className="px-2 pb-2 pt-1.5">
        <p className="truncate font-medium">{me.full_name}</p>
        <p className="truncate text-sm text-muted">{me.email}</p>
        {me.organization ? <p className="truncate text-sm text-muted">{me.organization.name}</p> : null}
      </div>
      <MenuSeparator />
      {me.people_managed ? (
        <MenuItem icon={<UserRoundCog aria-hidden />} onSelect={() => router.push('/account')}>
          {places('account')}
        </MenuItem>
      ) : null}
      {me.people_managed && canSystem(me.role, 'people.manage') ? (
        <MenuItem icon={<UsersRound aria-hidden />} onSelect={() => router.push('/admin/people')}>
          {places('people')}
        </MenuItem>
      ) : null}
      {canSystem(me.role, 'audit.read_all') ? (
        <MenuItem icon={<ScrollText aria-hidden />} onSelect={() => router.push('/admin/audit')}>
          {t('audit')}
        </MenuItem>
      ) : null}
      {canSystem(me.role, 'token.manage_all') ? (
        <MenuItem icon={<KeyRound aria-hidden />} onSelect={() => router.push('/admin/tokens')}>
          {t('tokens')}
        </MenuItem>
      ) : null}
      {canSystem(me.role, 'maintenance.manage') ? (
        <MenuItem icon={<Construction aria-hidden />} onSelect={() => router.push('/admin/maintenance')}>
          {t('maintenance')}
        </MenuItem>
      ) : null}
      <MenuItem icon={<CircleQuestionMark aria-hidden />} onSelect={() => router.push('/help/permissions')}>
        {places('permissions')}
      </MenuItem>
      <MenuSeparator />
      <MenuChoice label={t('theme')} value={theme} onChange={setTheme} options={themes} />
      <MenuSeparator />
      <MenuChoice label={t('language')} value={locale} onChange={setLocale} options={locales} />
      <MenuSeparator />
      <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void logout()}>
        {t('logout')}
      </MenuItem>
    </Menu>
  );
}
