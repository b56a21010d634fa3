'use client';

import { Check, CloudOff, LoaderCircle, LogIn, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { useSaveState, useSession } from '../session/use-session';

/** Whether the work is safe, in words: saved, on its way, kept here, or waiting for the person. */
export function SaveIndicator({ onProblems }: { onProblems: () => void }) {
  const t = useTranslations('workbench.saving');
  const { outbox } = useSession();
  const state = useSaveState();
  switch (state.kind) {
    case 'saved':
      return <Line icon={<Check aria-hidden />} tone="text-success" text={t('saved')} testId="saved" />;
    case 'saving':
      return (
        <Line
          icon={<LoaderCircle aria-hidden className="animate-turn" />}
          tone="text-muted"
          text={t('saving')}
          testId="saving"
        />
      );
    case 'waiting':
      return (
        <Line
          icon={<CloudOff aria-hidden />}
          tone="text-warning"
          text={t(state.reason, { count: state.pending })}
          testId="waiting"
        >
          {state.reason === 'maintenance' ? null : (
            <>
              <Countdown until={state.retry_at} />
              <Button size="sm" variant="ghost" onClick={() => void outbox.flush()}>
                {t('send_now')}
              </Button>
            </>
          )}
        </Line>
      );
    case 'signed_out':
      return (
        <Line
          icon={<LogIn aria-hidden />}
          tone="text-danger"
          text={t('signed_out', { count: state.pending })}
          testId="signed_out"
        >
          <Button size="sm" variant="primary" asChild>
            {/* A new tab: this one keeps the image as it is and goes on by itself when it hears of the sign-in. */}
            <a href="/login" target="_blank" rel="noopener">
              {t('sign_in')}
            </a>
          </Button>
        </Line>
      );
    case 'attention':
      return (
        <Line
          icon={<TriangleAlert aria-hidden />}
          tone="text-danger"
          text={t('attention', { count: state.problems })}
          testId="attention"
        >
          <Button size="sm" variant="secondary" onClick={onProblems}>
            {t('decide')}
          </Button>
        </Line>
      );
  }
}

function Line({
  icon,
  tone,
  text,
  testId,
  children,
}: {
  icon: React.ReactNode;
  tone: string;
  text: string;
  testId: string;
  children?: React.ReactNode;
}) {
  return (
    <div role="status" data-save-state={testId} className="flex h-7 items-center gap-2 text-sm">
      <span className={classNames('flex items-center gap-1.5 whitespace-nowrap [&_svg]:size-4', tone)}>
        {icon}
        <span className="max-md:sr-only">{text}</span>
      </span>
      {children}
    </div>
  );
}

function Countdown({ until }: { until: number }) {
  const t = useTranslations('workbench.saving');
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  return <span className="tabular text-muted max-md:hidden">{t('retry_in', { seconds })}</span>;
}
