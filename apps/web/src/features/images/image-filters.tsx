'use client';

import type { Dataset, ImageSort, Project } from '@labelyard/contract';
import { can, IMAGE_STATUSES, SPLITS, type ImageStatus, type Split, type TaskType } from '@labelyard/domain';
import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { classQuery } from '@/features/classes/class-queries';
import { classNames } from '@/ui/class-names';
import { Combobox } from '@/ui/combobox';
import { SearchField } from '@/ui/search-field';
import { Select } from '@/ui/select';
import { DEFAULT_SORT, type ImageFilter } from './image-filter';
import { STATUS_LOOK } from './status';

const ANY = 'any';
/** The default first. `id` is left to programs: to people it is the upload time. */
const SORTS = ['path', '-path', 'uploaded_at', '-uploaded_at', 'size', '-size'] as const satisfies readonly ImageSort[];

/** Everything that narrows or orders the grid. Counts are of the whole project, not of what is loaded. */
export function ImageFilters({
  dataset,
  project,
  filter,
  onChange,
}: {
  dataset: Dataset;
  project: Project | undefined;
  filter: ImageFilter;
  onChange: (change: Partial<ImageFilter>) => void;
}) {
  const t = useTranslations('images');
  const types = useTranslations('task_types');
  const splits = useTranslations('splits');
  const classes = useQuery(classQuery(dataset.project_id));
  const shownClasses = (classes.data?.items ?? []).filter(
    (item) => filter.task_type === undefined || item.task_type === filter.task_type,
  );
  const counts = filter.task_type ? project?.progress[filter.task_type] : dataset.progress;

  return (
    <div className="flex flex-col gap-3 py-4">
      <div className="flex flex-wrap items-center gap-2">
        <SearchField
          label={t('filter.search')}
          value={filter.q ?? ''}
          onChange={(q) => onChange({ q: q || undefined })}
          className="w-full sm:w-64"
        />
        {dataset.task_types.length > 1 ? (
          <Select<TaskType | typeof ANY>
            label={t('filter.task_type')}
            value={filter.task_type ?? ANY}
            onChange={(value) => onChange({ task_type: value === ANY ? undefined : value, class_id: undefined })}
            options={[
              { value: ANY, label: t('filter.all_task_types') },
              ...dataset.task_types.map((type) => ({ value: type, label: types(type) })),
            ]}
          />
        ) : null}
        {shownClasses.length > 0 ? (
          <Combobox
            label={t('filter.class')}
            className="max-w-56"
            value={filter.class_id ? String(filter.class_id) : ANY}
            onChange={(value) => onChange({ class_id: value === ANY ? undefined : Number(value) })}
            options={[
              { value: ANY, label: t('filter.all_classes') },
              ...shownClasses.map((item) => ({
                value: String(item.id),
                label: filter.task_type ? item.name : `${item.name} · ${types(item.task_type)}`,
                icon: <span aria-hidden className="size-3 shrink-0 rounded-sm" style={{ background: item.color }} />,
              })),
            ]}
          />
        ) : null}
        {filter.split || can(dataset.role, 'image.split') ? (
          <Select<Split | typeof ANY>
            label={t('filter.split')}
            value={filter.split ?? ANY}
            onChange={(value) => onChange({ split: value === ANY ? undefined : value })}
            options={[
              { value: ANY, label: t('filter.all_splits') },
              ...SPLITS.map((split) => ({ value: split, label: splits(split) })),
            ]}
          />
        ) : null}
        <Select
          label={t('filter.sort')}
          className="sm:ml-auto"
          value={SORTS.find((sort) => sort === filter.sort) ?? DEFAULT_SORT}
          onChange={(sort) => onChange({ sort: sort === DEFAULT_SORT ? undefined : sort })}
          options={SORTS.map((sort) => ({ value: sort, label: t(`sorts.${sort}`) }))}
        />
      </div>
      <StatusChips
        counts={counts}
        total={dataset.image_count}
        value={filter.status}
        onChange={(status) => onChange({ status })}
      />
    </div>
  );
}

function StatusChips({
  counts,
  total,
  value,
  onChange,
}: {
  counts: Partial<Record<ImageStatus, number>> | undefined;
  total: number;
  value: ImageStatus | undefined;
  onChange: (status: ImageStatus | undefined) => void;
}) {
  const t = useTranslations('images');
  const statuses = useTranslations('image_status');
  const format = useFormatter();
  const chip = (status: ImageStatus | undefined, label: string, count: number) => (
    <button
      key={status ?? ANY}
      type="button"
      aria-pressed={value === status}
      onClick={() => onChange(status)}
      className={classNames(
        'inline-flex h-7 items-center gap-1.5 whitespace-nowrap rounded-full border px-2.5 text-sm transition-colors [&_svg]:size-3.5',
        value === status
          ? 'border-text bg-text text-bg'
          : 'border-line text-muted hover:border-control hover:text-text',
      )}
    >
      {status ? (
        <span className="contents" style={value === status ? undefined : { color: STATUS_LOOK[status].color }}>
          {STATUS_LOOK[status].icon}
        </span>
      ) : null}
      {label}
      <span className={classNames('tabular', value !== status && 'text-faint')}>{format.number(count)}</span>
    </button>
  );
  return (
    <div
      role="group"
      aria-label={t('filter.status')}
      className="-mx-4 flex gap-1.5 overflow-x-auto px-4 py-0.5 [scrollbar-width:none] sm:mx-0 sm:flex-wrap sm:px-0"
    >
      {chip(undefined, t('filter.all'), total)}
      {IMAGE_STATUSES.map((status) => chip(status, statuses(status), counts?.[status] ?? 0))}
    </div>
  );
}
