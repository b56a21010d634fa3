'use client';

import { ON_DUPLICATE, type OnDuplicate } from '@labelyard/contract';
import { FolderUp, ImageUp, Images } from 'lucide-react';
import { useFormatter, useTranslations } from 'next-intl';
import { useRef, useState, useSyncExternalStore } from 'react';
import { useDropzone } from 'react-dropzone';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { ConfirmDialog } from '@/ui/confirm-dialog';
import { Dialog } from '@/ui/dialog';
import { Field } from '@/ui/field';
import { Progress } from '@/ui/progress';
import { Select } from '@/ui/select';
import { toast } from '@/ui/toast-store';
import { ARCHIVE_ENDING } from './archives/archive-files';
import { findFiles } from './found-files';
import { IMAGE_ENDINGS } from './image-type';
import type { FileWithPath } from './picked-files';
import { UploadControls } from './upload-controls';
import type { UploadHub, UploadTarget } from './upload-hub';
import { isFinal } from './upload-item';
import { UploadRows } from './upload-rows';
import type { RunSnapshot } from './upload-snapshot';
import { uploadShare, useUploadWords } from './upload-words';

export interface UploadDialogProps {
  target: UploadTarget;
  /** The dataset's upload, if there is one. */
  upload: RunSnapshot | undefined;
  hub: UploadHub;
  maxBytes: number;
  onClose: () => void;
}

/** Where files are dropped, picked or pasted, and each of them is followed. Closing it stops nothing. */
export function UploadDialog({ target, upload, hub, maxBytes, onClose }: UploadDialogProps) {
  const t = useTranslations('uploads');
  const ui = useTranslations('ui');
  const [onDuplicate, setOnDuplicate] = useState<OnDuplicate>(upload?.run.on_duplicate ?? 'skip');
  const [stopping, setStopping] = useState(false);
  const add = (files: readonly FileWithPath[]) => void hub.add(target, findFiles(files, maxBytes), onDuplicate);
  const opening = useSyncExternalStore(
    hub.subscribe,
    () => hub.isOpening(target.dataset_id),
    () => false,
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { name: target.name })}
      description={t('explain')}
      width="md"
      footer={
        <>
          {upload && upload.phase !== 'finished' ? (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setStopping(true)}>
              {t('cancel')}
            </Button>
          ) : null}
          {upload ? <UploadControls upload={upload} hub={hub} /> : null}
          <Button variant={upload?.phase === 'finished' ? 'primary' : 'secondary'} onClick={onClose}>
            {ui(upload?.phase === 'finished' ? 'done' : 'close')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <DropTarget compact={upload !== undefined} opening={opening} maxBytes={maxBytes} onFiles={add} />
        <Field label={t('on_duplicate')}>
          <Select
            value={onDuplicate}
            onChange={setOnDuplicate}
            options={ON_DUPLICATE.map((value) => ({ value, label: t(`duplicates.${value}`) }))}
            className="w-full"
          />
        </Field>
        {upload ? <Following upload={upload} /> : null}
      </div>
      {stopping && upload ? (
        <ConfirmDialog
          title={t('cancel_title')}
          confirm={t('cancel')}
          cancel={t('keep')}
          busy={false}
          onConfirm={() => {
            setStopping(false);
            void hub.dismiss(target.dataset_id);
          }}
          onClose={() => setStopping(false)}
        >
          <p className="text-sm">{t('cancel_text', { count: upload.counts.waiting + upload.counts.announced })}</p>
        </ConfirmDialog>
      ) : null}
    </Dialog>
  );
}

function DropTarget({
  compact,
  opening,
  maxBytes,
  onFiles,
}: {
  compact: boolean;
  /** What was picked is being looked at. */
  opening: boolean;
  maxBytes: number;
  onFiles: (files: readonly FileWithPath[]) => void;
}) {
  const t = useTranslations('uploads');
  const format = useFormatter();
  const folderInput = useRef<HTMLInputElement>(null);
  const { getRootProps, getInputProps, open, isDragActive, isProcessing } = useDropzone({
    onDrop: (accepted, rejections) => onFiles([...accepted, ...rejections.map(({ file }) => file)]),
    onError: () => toast.error(t('unreadable')),
    noClick: true,
    noKeyboard: true,
  });
  return (
    <div
      {...getRootProps({
        className: classNames(
          'relative flex flex-col items-center justify-center gap-3 rounded-lg border-2 border-dashed px-6 text-center transition-colors',
          compact ? 'py-5' : 'py-12',
          isDragActive ? 'border-accent-line bg-accent-soft' : 'border-line-strong bg-sunken',
        ),
      })}
    >
      <input
        {...getInputProps({ accept: [...IMAGE_ENDINGS, ARCHIVE_ENDING].join(','), 'aria-label': t('choose_files') })}
      />
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
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
      {compact ? null : <ImageUp aria-hidden className="size-8 text-faint" strokeWidth={1.5} />}
      <p className="font-medium" role="status">
        {t(isProcessing || opening ? 'reading' : isDragActive ? 'drop_now' : 'drop_here')}
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button onClick={open} icon={<Images aria-hidden />} autoFocus>
          {t('choose_files')}
        </Button>
        <Button onClick={() => folderInput.current?.click()} icon={<FolderUp aria-hidden />}>
          {t('choose_folder')}
        </Button>
      </div>
      <p className="text-xs text-muted">
        {t('limits', { size: format.number(Math.floor(maxBytes / 2 ** 20), { style: 'unit', unit: 'megabyte' }) })}
      </p>
    </div>
  );
}

/** Progress and every file. */
function Following({ upload }: { upload: RunSnapshot }) {
  const t = useTranslations('uploads');
  const words = useUploadWords();
  const [onlyProblems, setOnlyProblems] = useState(false);
  const problems = upload.counts.rejected + upload.counts.failed;
  const shown = onlyProblems && problems > 0 ? upload.items.filter(({ code }) => code !== null) : upload.items;
  const finished = upload.items.every(isFinal);
  return (
    <section aria-label={t('progress')}>
      <Progress
        label={t('progress')}
        value={uploadShare(upload)}
        tone={finished ? 'success' : upload.phase === 'running' ? 'accent' : 'muted'}
      />
      <div className="mb-3 mt-2 flex flex-wrap items-baseline justify-between gap-x-4 text-sm">
        <p role="status" className="font-medium">
          {words.state(upload)}
        </p>
        <p className="tabular text-muted">
          {words.counted(upload)} · {words.bytes(upload)}
        </p>
      </div>
      {problems > 0 ? (
        <Button
          size="sm"
          variant="ghost"
          aria-pressed={onlyProblems}
          onClick={() => setOnlyProblems(!onlyProblems)}
          className="mb-2 -ml-2.5 text-danger"
        >
          {onlyProblems ? t('show_all') : t('show_problems', { count: problems })}
        </Button>
      ) : null}
      <UploadRows upload={upload} items={shown} />
    </section>
  );
}
