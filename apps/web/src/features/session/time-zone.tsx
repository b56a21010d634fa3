'use client';

import { useRouter } from 'next/navigation';
import { useTimeZone } from 'next-intl';
import { useEffect } from 'react';
import { rememberTimeZone } from './preferences';

/** On a person's first page the server does not know the time zone yet: tells it, and renders once more. */
export function TimeZoneReporter() {
  const router = useRouter();
  const known = useTimeZone() ?? '';
  useEffect(() => {
    if (rememberTimeZone(known)) router.refresh();
  }, [known, router]);
  return null;
}
