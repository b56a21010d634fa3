import { cookies, headers } from 'next/headers';
import { getRequestConfig } from 'next-intl/server';
import { LOCALE_COOKIE, pickLocale, pickTimeZone, TIME_ZONE_COOKIE } from './locale';

/** Language and time zone of a request. There are no language paths: a link means the same page for everybody. */
export default getRequestConfig(async () => {
  const jar = await cookies();
  const locale = pickLocale(jar.get(LOCALE_COOKIE)?.value, (await headers()).get('accept-language'));
  const { default: messages } = (await import(`../../messages/${locale}.json`)) as { default: Messages };
  return { locale, messages, timeZone: pickTimeZone(jar.get(TIME_ZONE_COOKIE)?.value), now: new Date() };
});

type Messages = typeof import('../../messages/en.json');
