import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import localFont from 'next/font/local';
import { NextIntlClientProvider } from 'next-intl';
import { getLocale, getTranslations } from 'next-intl/server';
import type { ReactNode } from 'react';
import { env } from '@/env';
import { Providers } from './providers';
import './globals.css';

/** Latin letters are fetched with the page, so that no text changes its width after it was shown; globals.css has the others. */
const inter = localFont({
  src: '../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  weight: '100 900',
  variable: '--font-inter',
  // Ours stands behind the other letters (globals.css).
  adjustFontFallback: false,
});

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
    <html lang={await getLocale()} className={inter.variable} suppressHydrationWarning>
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
