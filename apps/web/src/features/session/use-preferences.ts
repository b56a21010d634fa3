import { useQueryClient } from '@tanstack/react-query';
import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import { useLocale, useTranslations } from 'next-intl';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { LOCALES, type AppLocale } from '@/i18n/locale';
import { toast } from '@/ui/toast-store';
import { rememberLocale } from './preferences';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** A language is always written in itself. */
export const LOCALE_NAMES: Readonly<Record<AppLocale, string>> = { en: 'English', ko: '한국어' };

/** What a person may choose about the interface, with words for each choice, and the way out. */
export function usePreferences() {
  const t = useTranslations('session');
  const errorText = useErrorText();
  const router = useRouter();
  const queries = useQueryClient();
  const { theme, setTheme } = useTheme();

  return {
    theme: THEMES.find((known) => known === theme),
    themes: THEMES.map((value) => ({ value, label: t(`themes.${value}`) })),
    setTheme: (next: Theme) => setTheme(next),
    locale: useLocale(),
    locales: LOCALES.map((value) => ({ value, label: LOCALE_NAMES[value] })),
    setLocale: (next: AppLocale) => {
      rememberLocale(next);
      router.refresh();
    },
    logout: async (to = '/login') => {
      try {
        await api('auth.logout', {});
      } catch (error) {
        const { title, detail } = errorText(error);
        toast.error(title, { detail });
        return;
      }
      queries.clear();
      // A full load: nothing of this person stays in memory.
      window.location.assign(to);
    },
  };
}
