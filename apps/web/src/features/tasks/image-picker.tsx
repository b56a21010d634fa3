'use client';

import type { Dataset, ProjectImage } from '@labelyard/contract';
import { can } from '@labelyard/domain';
import { Check, ListChecks } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Thumbnail } from '@/features/images/thumbnail';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { SplitDialog } from './split-dialog';

/** Images picked by hand to make a task of; null while nothing is being picked. */
export type PickedImages = ReadonlySet<number> | null;

/** Begins and ends picking, and makes a task of what was picked. Only for those who give out tasks. */
export function PickBar({
  dataset,
  picked,
  onChange,
}: {
  dataset: Dataset;
  picked: PickedImages;
  onChange: (picked: PickedImages) => void;
}) {
  const t = useTranslations('tasks');
  const [making, setMaking] = useState(false);
  if (!can(dataset.role, 'task.manage')) return null;
  if (!picked)
    return (
      <div className="-mt-2 mb-2 flex justify-end">
        <Button size="sm" variant="ghost" icon={<ListChecks aria-hidden />} onClick={() => onChange(new Set())}>
          {t('select')}
        </Button>
      </div>
    );
  return (
    <div className="sticky top-13 z-20 -mx-1 mb-2 flex flex-wrap items-center gap-2 border-b bg-bg px-1 py-2">
      <p role="status" className="tabular mr-auto text-sm">
        {t('selected', { count: picked.size })}
      </p>
      <Button size="sm" onClick={() => onChange(null)}>
        {t('stop_select')}
      </Button>
      <Button size="sm" variant="primary" disabled={picked.size === 0} onClick={() => setMaking(true)}>
        {t('make_task')}
      </Button>
      {making ? (
        <SplitDialog
          dataset={dataset}
          imageIds={[...picked]}
          onClose={() => {
            setMaking(false);
            onChange(null);
          }}
        />
      ) : null}
    </div>
  );
}

/** An image to be picked or left. */
export function PickCard({
  projectId,
  image,
  picked,
  onToggle,
}: {
  projectId: number;
  image: ProjectImage;
  picked: boolean;
  onToggle: () => void;
}) {
  const t = useTranslations('tasks');
  const name = image.path.slice(image.path.lastIndexOf('/') + 1);
  return (
    <button
      type="button"
      aria-pressed={picked}
      aria-label={t('select_image', { name: image.path })}
      title={image.path}
      onClick={onToggle}
      className={classNames(
        'relative flex size-full flex-col overflow-hidden rounded-md border bg-surface text-left',
        picked ? 'border-accent-line ring-2 ring-accent-line' : 'hover:border-control',
      )}
    >
      <Thumbnail projectId={projectId} image={image} className="min-h-0 w-full flex-1" />
      <span className="flex h-13 w-full items-center truncate px-2.5 text-sm">{name}</span>
      <span
        aria-hidden
        className={classNames(
          'absolute left-2 top-2 flex size-5 items-center justify-center rounded-sm border [&_svg]:size-4',
          picked ? 'border-accent-line bg-accent text-on-accent' : 'border-control bg-surface',
        )}
      >
        {picked ? <Check /> : null}
      </span>
    </button>
  );
}
