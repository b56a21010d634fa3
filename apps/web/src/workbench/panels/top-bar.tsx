'use client';

import type { Dataset, ProjectImage } from '@labelyard/contract';
import { can, type TaskType } from '@labelyard/domain';
import { ArrowLeft, CheckCheck, ChevronLeft, ChevronRight, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { Button } from '@/ui/button';
import { classNames } from '@/ui/class-names';
import { IconButton } from '@/ui/icon-button';
import { Kbd } from '@/ui/kbd';

export interface TopBarProps {
  readonly dataset: Dataset;
  readonly image: ProjectImage | null;
  readonly task_type: TaskType;
  readonly busy: boolean;
  /** Somebody else works on the image. */
  readonly locked: boolean;
  readonly people: React.ReactNode;
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  readonly onTask: (task_type: TaskType) => void;
  readonly onStep: (step: 1 | -1) => void;
  readonly onConfirm: () => void;
  readonly onReopen: () => void;
  readonly save: React.ReactNode;
}

/** Where you are, what you label, whether it is saved, and the way on. */
export function TopBar({
  dataset,
  image,
  task_type,
  busy,
  locked,
  people,
  hasPrevious,
  hasNext,
  onTask,
  onStep,
  onConfirm,
  onReopen,
  save,
}: TopBarProps) {
  const t = useTranslations();
  const status = image?.statuses[task_type] ?? image?.status;
  const isDone = status === 'completed' || status === 'reviewed';
  const folder = image?.path.includes('/') ? image.path.slice(0, image.path.lastIndexOf('/') + 1) : '';
  return (
    <header className="flex h-13 shrink-0 items-center gap-3 border-b bg-surface px-3">
      <IconButton asChild label={t('workbench.back')}>
        <Link href={`/datasets/${dataset.id}`}>
          <ArrowLeft aria-hidden />
        </Link>
      </IconButton>
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-sm font-semibold" title={image?.path}>
          <span className="font-normal text-faint">{folder}</span>
          {image ? image.path.slice(folder.length) : dataset.name}
        </h1>
        <p className="tabular truncate text-xs text-muted">
          {image ? t('workbench.image_line', { dataset: dataset.name, width: image.width, height: image.height }) : ' '}
        </p>
      </div>
      {people}
      {save}
      {dataset.task_types.length > 1 ? (
        <div
          role="radiogroup"
          aria-label={t('workbench.task_type')}
          className="flex rounded-md border p-0.5 max-lg:hidden"
        >
          {dataset.task_types.map((value) => (
            <button
              key={value}
              type="button"
              role="radio"
              aria-checked={value === task_type}
              onClick={() => onTask(value)}
              className={classNames(
                'h-6.5 rounded-sm px-2.5 text-sm transition-colors',
                value === task_type ? 'bg-accent-soft font-medium text-accent-text' : 'text-muted hover:text-text',
              )}
            >
              {t(`task_types.${value}`)}
            </button>
          ))}
        </div>
      ) : null}
      <div className="flex items-center gap-1">
        <IconButton
          label={t('workbench.actions.previous_image')}
          shortcut="A"
          disabled={!hasPrevious}
          onClick={() => onStep(-1)}
        >
          <ChevronLeft aria-hidden />
        </IconButton>
        <IconButton
          label={t('workbench.actions.next_image')}
          shortcut="D"
          disabled={!hasNext}
          onClick={() => onStep(1)}
        >
          <ChevronRight aria-hidden />
        </IconButton>
      </div>
      {can(dataset.role, 'image.confirm') ? (
        <>
          {isDone ? (
            <Button
              icon={<RotateCcw aria-hidden />}
              disabled={!image || busy || locked}
              onClick={onReopen}
              className="max-sm:hidden"
            >
              {t('workbench.actions.reopen')}
            </Button>
          ) : null}
          <Button
            variant="primary"
            busy={busy}
            disabled={!image || locked}
            icon={<CheckCheck aria-hidden />}
            onClick={onConfirm}
            data-testid="confirm"
          >
            <span className="max-sm:sr-only">{t('workbench.actions.confirm_next')}</span>
            <Kbd keys="E" className="opacity-70 max-lg:hidden" />
          </Button>
        </>
      ) : null}
    </header>
  );
}
