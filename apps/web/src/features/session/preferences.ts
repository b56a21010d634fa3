import { LOCALE_COOKIE, TIME_ZONE_COOKIE, type AppLocale } from '@/i18n/locale';

const YEAR = 365 * 86_400;

function remember(name: string, value: string): void {
  const secure = window.location.protocol === 'https:' ? '; secure' : '';
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

/** Kept in a cookie, so that the server already answers in this language. Refresh the route afterwards. */
export function rememberLocale(locale: AppLocale): void {
  remember(LOCALE_COOKIE, locale);
}

/** Tells the server this browser's time zone. Returns whether it was news. */
export function rememberTimeZone(known: string): boolean {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  if (!timeZone || timeZone === known) return false;
  remember(TIME_ZONE_COOKIE, timeZone);
  return true;
}
