import { useFormatter } from 'next-intl';

/** Words for a moment on this browser's clock: a person's first page may not know their time zone yet. Not for the server. */
export function useMoment(): (iso: string) => string {
  const format = useFormatter();
  return (iso) =>
    format.dateTime(new Date(iso), {
      ...{ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
      timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
}
