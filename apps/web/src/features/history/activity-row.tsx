'use client';

import type { Activity, Dataset } from '@labelyard/contract';
import { HISTORY_ACTIONS } from '@labelyard/domain';
import { Filter } from 'lucide-react';
import Link from 'next/link';
import { useFormatter, useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Badge } from '@/ui/badge';
import { IconButton } from '@/ui/icon-button';
import { AuthorMark, useAuthorName } from './author';
import { useEventText } from './event-text';

/** "Mina changed 12 annotations on img-3.jpg." */
export function ActivityRow({
  item,
  dataset,
  onImage,
}: {
  item: Activity;
  dataset: Dataset;
  /** Narrows the feed to the image of the row. */
  onImage?: ((image_id: number) => void) | undefined;
}) {
  const t = useTranslations('activity');
  const format = useFormatter();
  const authorName = useAuthorName();
  const eventText = useEventText();
  const at = new Date(item.kind === 'event' ? item.happened_at : item.last_at);
  const image_id =
    item.kind === 'annotations' ? item.image_id : item.subject_type === 'image' ? Number(item.subject_id) : null;
  const who = (chunks: ReactNode) => <b className="font-medium">{chunks}</b>;
  const image = (chunks: ReactNode) =>
    image_id === null || item.image_path === null ? (
      <span className="text-muted">{chunks}</span>
    ) : (
      <Link
        href={`/datasets/${dataset.id}/label?image=${image_id}`}
        className="text-accent-text underline decoration-1 underline-offset-3 hover:decoration-2"
      >
        {chunks}
      </Link>
    );
  return (
    <li className="group flex items-start gap-3 py-3">
      <AuthorMark {...item} />
      <div className="min-w-0 flex-1">
        <p className="wrap-anywhere">
          {item.kind === 'annotations'
            ? t.rich(single(item.counts) ?? 'mixed', {
                name: authorName(item),
                count: item.annotations,
                image: item.image_path ?? t('image_gone'),
                who,
                link: image,
              })
            : eventText(item, authorName(item), { who, link: image })}
        </p>
        {item.kind === 'annotations' && single(item.counts) === null ? (
          <p className="mt-1 flex flex-wrap gap-1">
            {HISTORY_ACTIONS.filter((action) => item.counts[action]).map((action) => (
              <Badge key={action}>{t(`counts.${action}`, { count: item.counts[action] ?? 0 })}</Badge>
            ))}
          </p>
        ) : null}
        <time
          dateTime={at.toISOString()}
          title={format.dateTime(at, { dateStyle: 'full', timeStyle: 'medium' })}
          className="tabular text-sm text-muted"
        >
          {format.dateTime(at, { dateStyle: 'medium', timeStyle: 'short' })}
        </time>
      </div>
      {onImage && image_id !== null && item.image_path !== null ? (
        <IconButton size="sm" label={t('only_image', { image: item.image_path })} onClick={() => onImage(image_id)}>
          <Filter aria-hidden />
        </IconButton>
      ) : null}
    </li>
  );
}

/** The only kind of change there was, as the message that tells it. */
function single(counts: Extract<Activity, { kind: 'annotations' }>['counts']) {
  const [only, ...others] = HISTORY_ACTIONS.filter((action) => counts[action]);
  return only && others.length === 0 ? (`one.${only}` as const) : null;
}
