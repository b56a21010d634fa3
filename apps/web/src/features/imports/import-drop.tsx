'use client';

import type { Dataset } from '@labelyard/contract';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FileUp, FolderUp, PackagePlus } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useRef, useState } from 'react';
import { useDropzone } from 'react-dropzone';
import { useErrorText } from '@/error-text';
import type { FileWithPath } from '@/features/uploads/picked-files';
import { queryKeys } from '@/query-keys';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { Progress } from '@/ui/progress';
import { importFiles, MOST_FILES, sendImport, TooManyFiles } from './send-import';

/** An archive, a folder or label files go in here; what they are is found out by the server. */
export function ImportDrop({ dataset }: { dataset: Dataset }) {
  const t = useTranslations('imports');
  const ui = useTranslations('ui');
  const format = useFormatter();
  const errorText = useErrorText();
  const queries = useQueryClient();
  const folderInput = useRef<HTMLInputElement>(null);
  const [share, setShare] = useState(0);
  const stop = useRef<AbortController | null>(null);
  const send = useMutation({
    mutationFn: async (files: readonly FileWithPath[]) => {
      setShare(0);
      const { signal } = (stop.current = new AbortController());
      const { id: dataset_id, project_id } = dataset;
      return sendImport({ dataset_id, project_id }, importFiles(files), setShare, signal).catch((error: unknown) => {
        if (!signal.aborted) throw error;
        return null;
      });
    },
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.imports(dataset.project_id) }),
  });
  const begin = (files: readonly FileWithPath[]) => {
    if (files.length > 0 && !send.isPending) send.mutate(files);
  };
  const { getRootProps, getInputProps, open, isDragActive } = useDropzone({
    onDrop: (accepted) => begin(accepted),
    noClick: true,
    noKeyboard: true,
    disabled: send.isPending,
  });
  const problem =
    send.error instanceof TooManyFiles
      ? t('too_many', { count: MOST_FILES })
      : send.error && errorWords(errorText(send.error));
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
      {send.isPending ? (
        <div className="w-full max-w-md">
          <Progress label={t('sending')} value={share} />
          <p role="status" className="tabular mt-2 text-sm text-muted">
            {t('sent', { share: format.number(share, { style: 'percent' }) })}
          </p>
          <Button size="sm" variant="ghost" className="mt-2" onClick={() => stop.current?.abort()}>
            {ui('cancel')}
          </Button>
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

function errorWords({ title, detail }: { title: string; detail: string }): string {
  return `${title}. ${detail}`;
}
