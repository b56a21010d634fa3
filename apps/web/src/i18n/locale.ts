/** Languages the interface speaks, the fallback first. */
export const LOCALES = ['en', 'ko'] as const;
export type AppLocale = (typeof LOCALES)[number];

export const LOCALE_COOKIE = 'labelyard_locale';
export const TIME_ZONE_COOKIE = 'labelyard_tz';

/** The person's choice when there is one, else the first language of the browser that we speak. */
export function pickLocale(chosen: string | undefined, acceptLanguage: string | null): AppLocale {
  const known = (tag: string) => LOCALES.find((locale) => locale === tag.toLowerCase().split('-')[0]);
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().split(';');
      const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/u.exec(parameter)?.[1]).find(Boolean);
      return { tag, quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return known(chosen ?? '') ?? wanted.map(({ tag }) => known(tag)).find(Boolean) ?? LOCALES[0];
}

/** An IANA zone the server knows, or UTC. */
export function pickTimeZone(value: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone && value ? value : 'UTC';
  } catch {
    return 'UTC';
  }
}
