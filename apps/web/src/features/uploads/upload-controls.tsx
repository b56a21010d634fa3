'use client';

import { LogIn, Pause, Play, RotateCw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { Button } from '@/ui/button';
import type { UploadHub } from './upload-hub';
import type { RunSnapshot } from './upload-snapshot';

/** The one or two buttons that make sense in an upload's present state. */
export function UploadControls({ upload, hub }: { upload: RunSnapshot; hub: UploadHub }) {
  const t = useTranslations('uploads');
  const pathname = usePathname();
  const { phase, counts, stopped_by, run } = upload;
  const live = hub.get(run.dataset_id);
  return (
    <>
      {phase === 'running' ? (
        <Button size="sm" icon={<Pause aria-hidden />} onClick={() => live?.pause()}>
          {t('pause')}
        </Button>
      ) : null}
      {phase === 'paused' || (phase === 'stopped' && stopped_by !== 'unauthorized') ? (
        <Button size="sm" variant="primary" icon={<Play aria-hidden />} onClick={() => live?.resume()}>
          {t('resume')}
        </Button>
      ) : null}
      {phase === 'stopped' && stopped_by === 'unauthorized' ? (
        <Button size="sm" variant="primary" asChild>
          <Link href={`/login?expired=1&next=${encodeURIComponent(pathname)}`}>
            <LogIn aria-hidden />
            {t('sign_in')}
          </Link>
        </Button>
      ) : null}
      {counts.failed > 0 ? (
        <Button size="sm" icon={<RotateCw aria-hidden />} onClick={() => live?.retryFailed()}>
          {t('retry_failed', { count: counts.failed })}
        </Button>
      ) : null}
    </>
  );
}
