import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { getTranslations } from 'next-intl/server';
import { env } from '@/env';
import { Logo } from '@/features/navigation/logo';
import { DemoLogins } from '@/features/session/demo-logins';
import { LoginForm } from '@/features/session/login-form';
import { LoginPicture } from '@/features/session/login-picture';
import { returnPath } from '@/http/return-path';
import { serverApi } from '@/server-api';

type Search = Promise<Record<string, string | string[] | undefined>>;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('login'))('title') };
}

export default async function LoginPage({ searchParams }: { searchParams: Search }) {
  const { next, expired } = await searchParams;
  const path = returnPath(next);
  if (await signedIn()) redirect(path);
  return <Login next={path} expired={expired === '1'} demo={env().demo} />;
}

async function signedIn(): Promise<boolean> {
  const api = await serverApi();
  return api('auth.me', {}).then(
    () => true,
    () => false,
  );
}

function Login({ next, expired, demo }: { next: string; expired: boolean; demo: boolean }) {
  const t = useTranslations('login');
  const app = useTranslations('app');
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(26rem,5fr)_7fr]">
      <main className="flex flex-col px-6 py-6 sm:px-10 sm:py-8">
        <Logo name={app('name')} />
        <div className="mx-auto my-auto w-full max-w-88 py-10">
          <h1 className="text-2xl font-semibold">{t('title')}</h1>
          <p className="mb-7 mt-1.5 text-muted">{app('description')}</p>
          <LoginForm next={next} expired={expired} />
          {demo ? <DemoLogins /> : null}
        </div>
      </main>
      <LoginPicture />
    </div>
  );
}
