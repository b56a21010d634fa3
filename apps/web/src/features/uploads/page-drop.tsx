'use client';

import type { Dataset } from '@labelyard/contract';
import { ImageUp } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import { useDropzone } from 'react-dropzone';
import { toast } from '@/ui/toast-store';
import { findFiles } from './found-files';
import type { FileWithPath } from './picked-files';
import { uploadTarget, useUploads } from './upload-center';

/** Lets a whole page take dropped and pasted files. What is dropped beside a dialog counts too. */
export function PageDrop({ dataset, children }: { dataset: Dataset; children: ReactNode }) {
  const t = useTranslations('uploads');
  const { hub, max_bytes, openDialog } = useUploads();
  const take = (files: readonly FileWithPath[]) => {
    if (files.length === 0) return;
    const target = uploadTarget(dataset);
    const on_duplicate = hub.get(dataset.id)?.run.on_duplicate ?? 'skip';
    void hub.add(target, findFiles(files, max_bytes), on_duplicate);
    openDialog(target);
  };
  const { getRootProps, isDragActive } = useDropzone({
    onDrop: (accepted, rejections) => take([...accepted, ...rejections.map(({ file }) => file)]),
    onError: () => toast.error(t('unreadable')),
    noClick: true,
    noKeyboard: true,
    noPaste: true,
  });
  const paste = useEffectEvent((event: ClipboardEvent) => {
    // The dialog takes its own.
    if (event.defaultPrevented || document.querySelector('[role="dialog"]')) return;
    take([...(event.clipboardData?.files ?? [])]);
  });
  useEffect(() => {
    const listen = (event: ClipboardEvent) => paste(event);
    window.addEventListener('paste', listen);
    return () => window.removeEventListener('paste', listen);
  }, []);

  return (
    <div {...getRootProps({ className: 'relative min-h-[60vh]', role: undefined, tabIndex: undefined })}>
      {children}
      {isDragActive ? (
        <div className="pointer-events-none fixed inset-3 z-40 flex animate-appear flex-col items-center justify-center gap-3 rounded-lg border-2 border-dashed border-accent-line bg-bg/85">
          <ImageUp aria-hidden className="size-10" strokeWidth={1.5} />
          <p className="text-xl font-semibold">{t('drop_into', { name: dataset.name })}</p>
        </div>
      ) : null}
    </div>
  );
}
