'use client';

import type { MaintenanceNotice } from '@labelyard/contract';
import { Construction, Minus } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useEffect, useState } from 'react';
import { isWorkbench } from '@/features/navigation/workbench-address';
import { classNames } from '@/ui/class-names';
import { IconButton } from '@/ui/icon-button';
import { toast } from '@/ui/toast-store';
import { maintenanceNews } from './maintenance-news';
import { useMaintenance, useMaintenanceLook } from './use-maintenance';
import { useMoment } from './use-moment';

/**
 * Says on every page that nothing can be changed for now. It lies over the page and moves nothing in it; made small, it only
 * keeps its title. The region is always there, so that screen readers speak when its words come.
 */
export function MaintenanceBanner() {
  useMaintenanceLook();
  useGoodNews();
  const notice = useMaintenance();
  const inWorkbench = isWorkbench(usePathname());
  return (
    <div
      role="status"
      className={classNames(
        'pointer-events-none fixed inset-x-0 z-50 flex justify-center px-4',
        // Above the strip of images there, which one works with.
        inWorkbench ? 'bottom-28' : 'bottom-4',
      )}
    >
      {notice ? <Words key={notice.started_at} notice={notice} inWorkbench={inWorkbench} /> : null}
    </div>
  );
}

function Words({ notice, inWorkbench }: { notice: MaintenanceNotice; inWorkbench: boolean }) {
  const t = useTranslations('maintenance');
  const moment = useMoment();
  const [small, setSmall] = useState(false);
  const frame =
    'pointer-events-auto flex items-center gap-2.5 rounded-md border border-warning bg-raised text-sm text-text shadow-2';
  const icon = <Construction aria-hidden className="size-4.5 shrink-0 text-warning" />;
  if (small)
    return (
      <button
        type="button"
        data-maintenance="small"
        onClick={() => setSmall(false)}
        className={classNames(frame, 'px-2.5 py-1.5')}
      >
        {icon}
        {t('title')}
      </button>
    );
  return (
    <div data-maintenance="open" className={classNames(frame, 'max-w-2xl animate-rise items-start p-3')}>
      {icon}
      <div className="min-w-0 flex-1">
        <p className="font-medium">{t('title')}</p>
        <p className="break-words">{notice.reason}</p>
        <p className="text-muted">
          {inWorkbench ? t('explain_workbench') : t('explain')}{' '}
          {notice.expected_end === null ? t('no_end') : t('expected_end', { time: moment(notice.expected_end) })}
        </p>
      </div>
      <IconButton label={t('make_small')} onClick={() => setSmall(true)} className="-m-1">
        <Minus aria-hidden />
      </IconButton>
    </div>
  );
}

/** Tells that it is over. */
function useGoodNews(): void {
  const t = useTranslations('maintenance');
  useEffect(
    () =>
      maintenanceNews.subscribe((notice) => {
        if (!notice) toast.success(t('over'), { detail: t('over_detail') });
      }),
    [t],
  );
}
