import type { ProjectImage } from '@labelyard/contract';
import { Shapes } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { ImageVisitors } from '@/features/events/image-visitors';
import type { LiveView } from '@/features/events/live-board';
import { StatusLabel } from './status';
import { Thumbnail } from './thumbnail';

/** Pixels below the thumbnail. */
export const CARD_FOOTER = 54;

/** One image of the grid: a link into the workbench. */
export function ImageCard({
  projectId,
  image,
  href,
  live,
}: {
  projectId: number;
  image: ProjectImage;
  href: string;
  live: LiveView;
}) {
  const t = useTranslations('images');
  const splits = useTranslations('splits');
  const name = image.path.slice(image.path.lastIndexOf('/') + 1);
  return (
    <Link
      href={href}
      prefetch={false}
      title={image.path}
      className="group flex h-full flex-col overflow-hidden rounded-md border bg-surface transition-[border-color] hover:border-control"
    >
      <div className="relative flex min-h-0 flex-1">
        <Thumbnail projectId={projectId} image={image} className="min-h-0 flex-1" />
        <ImageVisitors view={live} imageId={image.id} />
      </div>
      <div className="flex h-13 shrink-0 flex-col justify-center gap-0.5 px-2.5">
        <span className="truncate text-sm">{name}</span>
        <span className="flex items-center gap-2 text-xs text-muted">
          <StatusLabel status={image.status} className="min-w-0 truncate" />
          {image.split ? <span className="shrink-0 rounded-sm border px-1">{splits(image.split)}</span> : null}
          {image.annotation_count > 0 ? (
            <span className="tabular ml-auto inline-flex items-center gap-1">
              <Shapes aria-hidden className="size-3.5" />
              <span className="sr-only">{t('annotation_count', { count: image.annotation_count })}</span>
              <span aria-hidden>{image.annotation_count}</span>
            </span>
          ) : null}
        </span>
      </div>
    </Link>
  );
}
