import type { SplitPreview } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import type { ErrorText } from '@/error-text';
import { Skeleton } from '@/ui/skeleton';

/** Rows shown at most: a hundred tasks of a hundred images look alike. */
const SHOWN = 12;

/** What a split would make, before it is made. */
export function SplitResult({
  preview,
  pending,
  failure,
  nameOf,
}: {
  preview: SplitPreview | undefined;
  pending: boolean;
  failure: ErrorText | null;
  nameOf: (user_id: string) => string;
}) {
  const t = useTranslations('tasks');
  return (
    <section aria-live="polite" aria-label={t('preview.title')} className="flex flex-col gap-3">
      <h3 className="text-sm font-medium">{t('preview.title')}</h3>
      {failure ? (
        <p role="alert" className="text-sm text-danger">
          {[failure.title, failure.detail].filter(Boolean).join('. ')}
        </p>
      ) : null}
      {pending ? <Skeleton className="h-40 w-full" /> : null}
      {preview && !failure ? (
        <>
          <p className="tabular text-sm">
            {preview.image_count === 0
              ? t('preview.nothing')
              : t('preview.summary', { tasks: preview.tasks.length, images: preview.image_count })}
          </p>
          {preview.taken > 0 ? (
            <p className="text-sm text-muted">{t('preview.taken', { count: preview.taken })}</p>
          ) : null}
          {preview.in_background ? <p className="text-sm text-muted">{t('preview.in_background')}</p> : null}
          <ol className="flex flex-col divide-y rounded-md border empty:hidden">
            {preview.tasks.slice(0, SHOWN).map((task, index) => (
              <li key={index} className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-3 px-3 py-2 text-sm">
                <span className="truncate font-medium">{task.name}</span>
                <span className="tabular text-muted">{t('image_count', { count: task.image_count })}</span>
                <span className="truncate text-xs text-faint">
                  {task.first_path === null ? null : t('preview.from', { path: task.first_path })}
                </span>
                <span className="truncate text-xs text-muted">
                  {task.assignee_id === null ? t('nobody') : nameOf(task.assignee_id)}
                </span>
              </li>
            ))}
          </ol>
          {preview.tasks.length > SHOWN ? (
            <p className="text-xs text-faint">{t('preview.more', { count: preview.tasks.length - SHOWN })}</p>
          ) : null}
        </>
      ) : null}
    </section>
  );
}
