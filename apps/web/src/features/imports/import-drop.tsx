'use client';

import type { Dataset } from '@labelyard/contract';
import { useIsMutating, useMutation, useQueryClient } from '@tanstack/react-query';
import { FileUp, FolderUp, PackagePlus } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useDropzone } from 'react-dropzone';
import { useErrorText } from '@/error-text';
import type { FileWithPath } from '@/features/uploads/picked-files';
import { TransferError } from '@/features/uploads/retry';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { Progress } from '@/ui/progress';
import { toast } from '@/ui/toast-store';
import { useAskBeforeLeaving } from '@/use-ask-before-leaving';
import { importFiles, MOST_FILES, RefusedImportFile, sendImport, TooManyFiles } from './send-import';

/** An archive, a folder or label files go in here; what they are is found out by the server. */
export function ImportDrop({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('imports');
  const ui = useTranslations('ui');
  const format = useFormatter();
  const files = useTranslations('uploads');
  const errorText = useErrorText();
  const queries = useQueryClient();
  const folderInput = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const mutationKey = ['send_import', dataset.project_id];
  const send = useMutation({
    mutationKey,
    mutationFn: async (picked: readonly FileWithPath[]) => {
      setShare(0);
      const { signal } = (stop.current = new AbortController());
      const { id: dataset_id, project_id } = dataset;
      return sendImport({ dataset_id, project_id }, importFiles(picked), setShare, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        return null;
      });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.imports(dataset.project_id) }),
  });
  // Also one that was begun before somebody looked at another page: it goes on meanwhile.
  const sending = useIsMutating({ mutationKey }) > 0;
  // What is sent from this tab ends with it.
  useAskBeforeLeaving(sending);
  const begin = (picked: readonly FileWithPath[]) => {
    if (picked.length > 0 && !sending) send.mutate(picked);
  };
  const { getRootProps, getInputProps, open, isDragActive } = useDropzone({
    onDrop: (accepted) => begin(accepted),
    onError: () => toast.error(files('unreadable')),
    noClick: true,
    noKeyboard: true,
    disabled: sending,
  });
  const wordsFor = (error: unknown): string => {
    if (error instanceof TooManyFiles) return t('too_many', { count: MOST_FILES });
    if (error instanceof RefusedImportFile) return `${error.file}: ${files(`problems.${error.code}`)}`;
    if (error instanceof TransferError) return files('problems.transfer_failed');
    const { title, detail } = errorText(error);
    return `${title}. ${detail}`;
  };
  const problem = send.error && wordsFor(send.error);
  return (
    <div
      {...getRootProps({
        className: classNames(
          'relative flex flex-col items-center justify-center gap-3 rounded-lg border-2 border-dashed px-4 py-8 text-center transition-colors sm:px-6',
          isDragActive ? 'border-accent-line bg-accent-soft' : 'border-line-strong bg-sunken',
        ),
      })}
    >
      <input {...getInputProps({ 'aria-label': t('choose_files') })} />
      <input
        ref={folderInput}
        type="file"
        multiple
        // Not in React's types: picks a folder with everything in it.
        {...{ webkitdirectory: '' }}
        aria-label={t('choose_folder')}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          begin([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      <PackagePlus aria-hidden className="size-7 text-faint" strokeWidth={1.5} />
      {sending ? (
        <div className="w-full max-w-md">
          <Progress label={t('sending')} value={send.isPending ? share : null} />
          <p role="status" className="tabular mt-2 text-sm text-muted">
            {send.isPending ? t('sent', { share: format.number(share, { style: 'percent' }) }) : t('sending')}
          </p>
          {send.isPending ? (
            <Button size="sm" variant="ghost" className="mt-2" onClick={() => stop.current?.abort()}>
              {ui('cancel')}
            </Button>
          ) : null}
        </div>
      ) : (
        <>
          <p className="font-medium">{t(isDragActive ? 'drop_now' : 'drop_here')}</p>
          <div className="flex flex-wrap justify-center gap-2">
            <Button onClick={open} icon={<FileUp aria-hidden />}>
              {t('choose_files')}
            </Button>
            <Button onClick={() => folderInput.current?.click()} icon={<FolderUp aria-hidden />}>
              {t('choose_folder')}
            </Button>
          </div>
          <p className="max-w-xl text-xs text-muted">{t('formats')}</p>
        </>
      )}
      {problem ? (
        <p role="alert" className="w-full max-w-xl rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </div>
  );
}
