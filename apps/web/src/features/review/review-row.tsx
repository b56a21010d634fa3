import type { Dataset, ReviewItem } from '@labelyard/contract';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import { Thumbnail } from '@/features/images/thumbnail';
import { walkPath } from '@/features/tasks/task-links';
import { classNames } from '@/ui/class-names';

export function keyOf({ image, task_type }: ReviewItem): string {
  return `${image.id} ${task_type}`;
}

/** One image of the queue: a link into the workbench, and a box to choose it with others. */
export function ReviewRow({
  dataset,
  item,
  index,
  chosen,
  onToggle,
}: {
  dataset: Dataset;
  item: ReviewItem;
  index: number;
  chosen: boolean;
  /** Null: looking only. */
  onToggle: (() => void) | null;
}) {
  const t = useTranslations('review');
  const types = useTranslations('task_types');
  const format = useFormatter();
  const { image, task_type, annotator } = item;
  const name = image.path.slice(image.path.lastIndexOf('/') + 1);
  const by = annotator?.full_name || annotator?.email || t('unknown_person');
  return (
    <li data-row={index} className={classNames('flex items-center gap-3 border-b py-2', chosen && 'bg-accent-soft')}>
      {onToggle ? (
        <input
          type="checkbox"
          checked={chosen}
          onChange={onToggle}
          aria-label={t('choose', { name: image.path })}
          className="ml-1 size-4.5 shrink-0 accent-accent"
        />
      ) : null}
      <Link
        href={walkPath(dataset.id, task_type, { review: true, image_id: image.id })}
        prefetch={false}
        className="group flex min-w-0 flex-1 items-center gap-4 rounded-md"
      >
        <Thumbnail projectId={dataset.project_id} image={image} className="h-14 w-20 shrink-0 rounded-sm" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium group-hover:underline" title={image.path}>
            {name}
          </span>
          <span className="tabular flex flex-wrap gap-x-3 text-sm text-muted">
            <span>{types(task_type)}</span>
            <span>{t('annotation_count', { count: image.annotation_count })}</span>
            <span className="truncate">{t('by', { name: by })}</span>
          </span>
        </span>
        <time dateTime={item.confirmed_at} className="tabular shrink-0 text-sm text-muted max-sm:hidden">
          {format.dateTime(new Date(item.confirmed_at), { dateStyle: 'medium', timeStyle: 'short' })}
        </time>
      </Link>
    </li>
  );
}
