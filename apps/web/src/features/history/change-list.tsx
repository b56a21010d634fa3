import type { Geometry } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import { classNames } from '@/ui/class-names';
import { AnnotationText, useAnnotationName } from './annotation-words';
import { ChangeWords, type NameOfClass } from './change-words';
import { MARKS } from './shape-overlay';
import { toldChanges, type ChangedAnnotation } from './told-changes';

/** Changes of an image in words. Pointing at one, or the focus on it, shows where it is. */
export function ChangeList({
  label,
  items,
  nameOf,
  onShow,
}: {
  label: string;
  items: readonly ChangedAnnotation[];
  nameOf: NameOfClass;
  onShow: (geometry: Geometry | null) => void;
}) {
  return (
    <ol aria-label={label} className="max-h-[56dvh] overflow-y-auto rounded-md border p-1">
      {items.map((item) => (
        <li key={(item.after ?? item.before)?.id}>
          <ChangeRow {...item} nameOf={nameOf} onShow={onShow} />
        </li>
      ))}
    </ol>
  );
}

function ChangeRow({
  before,
  after,
  nameOf,
  onShow,
}: ChangedAnnotation & { nameOf: NameOfClass; onShow: (geometry: Geometry | null) => void }) {
  const t = useTranslations('time_travel');
  const annotationName = useAnnotationName(nameOf);
  const shown = after ?? before;
  if (!shown) return null;
  const mark = before ? (after ? 'changed' : 'removed') : 'added';
  const show = () => onShow(shown.geometry);
  const hide = () => onShow(null);
  return (
    <button
      type="button"
      data-change={mark}
      className="flex w-full flex-col rounded-sm px-2 py-1.5 text-left text-sm hover:bg-hover"
      onPointerEnter={show}
      onPointerLeave={hide}
      onFocus={show}
      onBlur={hide}
    >
      <span className="wrap-anywhere">
        <span className={classNames('font-medium', MARKS[mark].className)}>
          <span aria-hidden>{MARKS[mark].sign}</span> {t(`marks.${mark}`)}
        </span>{' '}
        {annotationName(shown)}
      </span>
      {mark === 'changed' ? null : <AnnotationText annotation={shown} />}
      <ChangeWords changes={toldChanges(before, after)} nameOf={nameOf} className="text-xs text-muted wrap-anywhere" />
    </button>
  );
}
