import type { ProjectImage } from '@labelyard/contract';
import { Shapes } from 'lucide-react';
import { useTranslations } from 'next-intl';
import Link from 'next/link';
import { ImageVisitors } from '@/features/events/image-visitors';
import type { LiveView } from '@/features/events/live-board';
import { SelectMark } from './select-mark';
import { SplitTag } from './split-tag';
import { StatusLabel } from './status';
import { Thumbnail } from './thumbnail';

/** Pixels below the thumbnail. */
export const CARD_FOOTER = 54;

/** One image of the grid: a link into the workbench. A box, or the space bar, selects it where that is allowed. */
export function ImageCard({
  projectId,
  image,
  href,
  live,
  onSelect,
}: {
  projectId: number;
  image: ProjectImage;
  href: string;
  live: LiveView;
  /** `range`: Shift was held. */
  onSelect: ((range: boolean) => void) | null;
}) {
  const t = useTranslations('images');
  const words = useTranslations('selection');
  const name = image.path.slice(image.path.lastIndexOf('/') + 1);
  const card = (
    <Link
      href={href}
      prefetch={false}
      title={image.path}
      onKeyDown={(event) => {
        if (event.key !== ' ' || !onSelect) return;
        event.preventDefault();
        onSelect(event.shiftKey);
      }}
      className="flex h-full flex-col overflow-hidden rounded-md border bg-surface transition-[border-color] hover:border-control"
    >
      <div className="relative flex min-h-0 flex-1">
        <Thumbnail projectId={projectId} image={image} className="min-h-0 flex-1" />
        <SplitTag split={image.split} />
        <ImageVisitors view={live} imageId={image.id} />
      </div>
      <div className="flex h-13 shrink-0 flex-col justify-center gap-0.5 px-2.5">
        <span className="truncate text-sm">{name}</span>
        <span className="flex items-center gap-2 text-xs text-muted">
          <StatusLabel status={image.status} className="min-w-0 truncate" />
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
  if (!onSelect) return card;
  return (
    <div className="group relative size-full">
      {card}
      <button
        type="button"
        role="checkbox"
        aria-checked={false}
        aria-label={words('select_image', { name: image.path })}
        onClick={(event) => onSelect(event.shiftKey)}
        className="absolute left-0 top-0 rounded-md p-2 opacity-0 transition-opacity focus-visible:opacity-100 group-hover:opacity-100 group-focus-within:opacity-100"
      >
        <SelectMark selected={false} />
      </button>
    </div>
  );
}
