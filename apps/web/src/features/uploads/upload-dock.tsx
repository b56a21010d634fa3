'use client';

import { CloudUpload, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { usePathname } from 'next/navigation';
import { isWorkbench } from '@/features/navigation/workbench-address';
import { classNames } from '@/ui/class-names';
import { IconButton } from '@/ui/icon-button';
import { Progress } from '@/ui/progress';
import { UploadControls } from './upload-controls';
import type { UploadHub, UploadTarget } from './upload-hub';
import type { RunSnapshot } from './upload-snapshot';
import { uploadShare, useUploadWords } from './upload-words';

/** Uploads in the corner of every page. In the workbench only a small sign of them: that screen belongs to the image. */
export function UploadDock({
  uploads,
  hub,
  onOpen,
}: {
  uploads: readonly RunSnapshot[];
  hub: UploadHub;
  onOpen: (target: UploadTarget) => void;
}) {
  const t = useTranslations('uploads');
  const inWorkbench = isWorkbench(usePathname());
  if (uploads.length === 0) return null;
  return (
    <aside
      aria-label={t('dock')}
      className={classNames(
        'pointer-events-none fixed z-30 flex w-[min(22rem,calc(100vw-2rem))] flex-col items-end gap-2 [&>*]:pointer-events-auto',
        // In the corner of the canvas there: images below and labels beside it are worked with.
        inWorkbench ? 'bottom-28 right-4 md:right-72' : 'bottom-4 right-4',
      )}
    >
      {uploads.map((upload) =>
        inWorkbench ? (
          <SmallSign key={upload.run.id} upload={upload} onOpen={onOpen} />
        ) : (
          <DockCard key={upload.run.id} upload={upload} hub={hub} onOpen={onOpen} />
        ),
      )}
    </aside>
  );
}

function targetOf({ run }: RunSnapshot): UploadTarget {
  return { dataset_id: run.dataset_id, project_id: run.project_id, name: run.dataset_name };
}

function DockCard({
  upload,
  hub,
  onOpen,
}: {
  upload: RunSnapshot;
  hub: UploadHub;
  onOpen: (target: UploadTarget) => void;
}) {
  const t = useTranslations('uploads');
  const words = useUploadWords();
  const over = upload.phase === 'finished';
  const through = upload.counts.done + upload.counts.skipped;
  return (
    <section
      aria-label={t('title', { name: upload.run.dataset_name })}
      className="w-full animate-rise rounded-lg bg-raised p-3.5 shadow-2"
    >
      <div className="flex items-start gap-3">
        <CloudUpload aria-hidden className="mt-0.5 size-4.5 shrink-0 text-muted" />
        <div className="min-w-0 flex-1">
          <h2 className="truncate text-md font-medium">{upload.run.dataset_name}</h2>
          <p role="status" className="text-sm text-muted">
            {words.state(upload)}
          </p>
        </div>
        <span className="tabular whitespace-nowrap text-sm text-muted">{words.counted(upload)}</span>
        {over ? (
          <IconButton
            label={t('dismiss')}
            size="sm"
            className="-mr-1.5 -mt-1"
            onClick={() => void hub.dismiss(upload.run.dataset_id)}
          >
            <X aria-hidden />
          </IconButton>
        ) : null}
      </div>
      <Progress
        label={t('progress')}
        value={uploadShare(upload)}
        tone={over ? (through > 0 ? 'success' : 'danger') : upload.phase === 'running' ? 'accent' : 'muted'}
        className="mt-2.5"
      />
      <div className="mt-2.5 flex flex-wrap items-center gap-2">
        <button
          type="button"
          onClick={() => onOpen(targetOf(upload))}
          className="mr-auto rounded-sm text-sm font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
        >
          {t(upload.phase === 'interrupted' ? 'pick_again' : 'details')}
        </button>
        <UploadControls upload={upload} hub={hub} />
      </div>
    </section>
  );
}

function SmallSign({ upload, onOpen }: { upload: RunSnapshot; onOpen: (target: UploadTarget) => void }) {
  const t = useTranslations('uploads');
  const words = useUploadWords();
  return (
    <button
      type="button"
      aria-label={`${t('title', { name: upload.run.dataset_name })}: ${words.state(upload)}`}
      onClick={() => onOpen(targetOf(upload))}
      className="flex items-center gap-2 rounded-full bg-raised px-3 py-1.5 text-xs shadow-2"
    >
      <CloudUpload aria-hidden className="size-4 text-muted" />
      <span className="tabular">{words.counted(upload)}</span>
    </button>
  );
}
