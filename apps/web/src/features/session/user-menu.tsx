'use client';

import type { Me } from '@labelyard/contract';
import { LogOut } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { ACCOUNT_PLACES, placesFor } from '@/features/navigation/places';
import { Avatar } from '@/ui/avatar';
import { Menu, MenuChoice, MenuItem, MenuSeparator } from '@/ui/menu';
import { usePreferences } from './use-preferences';

export function UserMenu({ me }: { me: Me }) {
  const t = useTranslations('session');
  const places = useTranslations('places');
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
      {placesFor(me, ACCOUNT_PLACES).map(({ name, path, icon: Icon }) => (
        <MenuItem key={name} icon={<Icon aria-hidden />} onSelect={() => router.push(path)}>
          {places(name)}
        </MenuItem>
      ))}
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
