'use client';

import type { Dataset } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button } from '@/ui/button';
import type { ActivityFilter } from './history-queries';
import { LastRestore } from './last-restore';
import { RevertDialog } from './revert-dialog';

const DAY_MS = 86_400_000;

/** For admins who look at one person's work: the way to take it back, and how the last time went. */
export function RevertBar({ dataset, filter, name }: { dataset: Dataset; filter: ActivityFilter; name: string }) {
  const t = useTranslations('time_travel');
  const [since, setSince] = useState<string | null>(null);
  if (!can(dataset.role, 'history.revert')) return null;
  return (
    <div className="flex flex-wrap items-center gap-3 pb-2 text-sm">
      {filter.user_id === undefined ? null : (
        <Button
          size="sm"
          icon={<RotateCcw aria-hidden />}
          onClick={() => setSince(filter.since ?? new Date(Date.now() - DAY_MS).toISOString())}
        >
          {t('revert.open', { name })}
        </Button>
      )}
      <LastRestore dataset={dataset} kind="person" />
      {since !== null && filter.user_id !== undefined ? (
        <RevertDialog
          dataset={dataset}
          user_id={filter.user_id}
          since={since}
          name={name}
          onClose={() => setSince(null)}
        />
      ) : null}
    </div>
  );
}
