import type { ProjectImage } from '@labelyard/contract';
import { useTranslations } from 'next-intl';
import { classNames } from '@/ui/class-names';
import { SelectMark } from './select-mark';
import { SplitTag } from './split-tag';
import { Thumbnail } from './thumbnail';

/** An image to be selected or left. */
export function PickCard({
  projectId,
  image,
  picked,
  onToggle,
}: {
  projectId: number;
  image: ProjectImage;
  picked: boolean;
  /** `range`: Shift was held. */
  onToggle: (range: boolean) => void;
}) {
  const t = useTranslations('selection');
  const name = image.path.slice(image.path.lastIndexOf('/') + 1);
  return (
    <button
      type="button"
      aria-pressed={picked}
      aria-label={t('select_image', { name: image.path })}
      title={image.path}
      onClick={(event) => onToggle(event.shiftKey)}
      className={classNames(
        'relative flex size-full select-none flex-col overflow-hidden rounded-md border bg-surface text-left',
        picked ? 'border-accent-line ring-2 ring-accent-line' : 'hover:border-control',
      )}
    >
      <span className="relative flex min-h-0 w-full flex-1">
        <Thumbnail projectId={projectId} image={image} className="min-h-0 flex-1" />
        <SplitTag split={image.split} />
      </span>
      <span className="flex h-13 w-full items-center truncate px-2.5 text-sm">{name}</span>
      <SelectMark selected={picked} className="absolute left-2 top-2" />
    </button>
  );
}
