import { NextIntlClientProvider } from 'next-intl';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReactNode } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';

const messages = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'messages', 'en.json'), 'utf8'),
) as Record<string, never>;

/** The words of a component, as they are read in English. */
export function inEnglish(node: ReactNode): string {
  const html = renderToStaticMarkup(
    <NextIntlClientProvider locale="en" messages={messages} timeZone="UTC">
      {node}
    </NextIntlClientProvider>,
  );
  return html
    .replaceAll(/<[^>]*>/gu, ' ')
    .replaceAll(/ +/gu, ' ')
    .trim();
}
