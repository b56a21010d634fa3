'use client';

import { ApiError } from '@labelyard/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, Eye, EyeOff, WifiOff } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { api } from '@/api';
import { useErrorText } from '@/error-text';
import { announceSignIn } from '@/sign-in-news';
import { Button } from '@/ui/button';
import { formText } from '@/ui/form-text';
import { Field, Input } from '@/ui/field';
import { IconButton } from '@/ui/icon-button';

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Seconds left until `until` (ms), counting down on screen. */
function useCountdown(until: number): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    const update = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
    const first = setTimeout(update, 0);
    const timer = setInterval(update, 1000);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
    };
  }, [until]);
  return left;
}

export function LoginForm({ next, expired }: { next: string; expired: boolean }) {
  const t = useTranslations('login');
  const errorText = useErrorText();
  const router = useRouter();
  const queries = useQueryClient();
  const passwordInput = useRef<HTMLInputElement>(null);
  const [shown, setShown] = useState(false);
  const [blockedUntil, setBlockedUntil] = useState(0);
  const wait = useCountdown(blockedUntil);
  const online = useSyncExternalStore(
    subscribeOnline,
    () => navigator.onLine,
    () => true,
  );

  const login = useMutation({
    mutationFn: (body: { email: string; password: string }) => api('auth.login', { body }),
    onSuccess: () => {
      announceSignIn();
      queries.clear();
      router.replace(next);
      router.refresh();
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'rate_limited')
        setBlockedUntil(Date.now() + (error.retry_after ?? 30) * 1000);
      passwordInput.current?.select();
    },
  });

  const limited = login.error instanceof ApiError && login.error.code === 'rate_limited';
  const problem = login.error && !(limited && wait === 0) ? errorText(login.error) : null;

  return (
    <form
      className="flex flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        login.mutate({ email: formText(form, 'email'), password: formText(form, 'password') });
      }}
    >
      {expired && !login.error ? <Notice>{t('expired')}</Notice> : null}
      {!online ? (
        <Notice icon={<WifiOff aria-hidden className="mt-0.5 size-4 shrink-0" />}>{t('offline')}</Notice>
      ) : null}
      <Field label={t('email')}>
        <Input
          name="email"
          type="email"
          autoComplete="username"
          inputMode="email"
          required
          autoFocus
          maxLength={320}
          className="h-10"
        />
      </Field>
      <Field label={t('password')}>
        <div className="relative">
          <Input
            ref={passwordInput}
            name="password"
            type={shown ? 'text' : 'password'}
            autoComplete="current-password"
            required
            maxLength={1024}
            className="h-10 pr-11"
          />
          <IconButton
            label={t(shown ? 'hide_password' : 'show_password')}
            onClick={() => setShown(!shown)}
            aria-pressed={shown}
            size="sm"
            className="absolute right-1.5 top-1.5"
          >
            {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </IconButton>
        </div>
      </Field>
      {problem ? (
        <div role="alert" className="flex items-start gap-2 rounded-md bg-danger-soft px-3 py-2.5 text-sm text-danger">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <div>
            <p className="font-medium">{problem.title}</p>
            <p>{limited ? t('wait', { seconds: wait }) : problem.detail}</p>
          </div>
        </div>
      ) : null}
      <Button type="submit" variant="primary" size="lg" busy={login.isPending || login.isSuccess} disabled={wait > 0}>
        {t('submit')}
      </Button>
    </form>
  );
}

function Notice({ icon, children }: { icon?: React.ReactNode; children: React.ReactNode }) {
  return (
    <p role="status" className="flex items-start gap-2 rounded-md bg-info-soft px-3 py-2.5 text-sm text-info">
      {icon}
      {children}
    </p>
  );
}
