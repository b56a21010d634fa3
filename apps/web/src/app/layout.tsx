import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { env } from '@/env';
import { Providers } from './providers';
import './globals.css';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('app');
  return {
    title: { default: t('name'), template: `%s · ${t('name')}` },
    description: t('description'),
    robots: { index: false, follow: false },
  };
}

export const viewport: Viewport = {
  colorScheme: 'light dark',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f5f6f5' },
    { media: '(prefers-color-scheme: dark)', color: '#121413' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    // The theme is set on <html> by a script before React looks at it.
    <html lang={await getLocale()} suppressHydrationWarning>
      <head>
        {/* Libraries that add a style sheet at run time (scroll locks of dialogs) look for the nonce here. */}
        <script
          nonce={nonce}
          suppressHydrationWarning
        >{`window.__webpack_nonce__=${JSON.stringify(nonce ?? '')}`}</script>
      </head>
      <body>
        <NextIntlClientProvider>
          <Providers nonce={nonce} maxUploadBytes={env().max_upload_bytes}>
            {children}
          </Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
