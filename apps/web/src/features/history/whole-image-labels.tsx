import type { Annotation, GeometryType } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import { AnnotationText, useAnnotationName } from './annotation-words';
import type { NameOfClass } from './change-words';

const PLACELESS: readonly GeometryType[] = ['classification', 'no_object', 'text'];

/** What an image holds that has no place on its picture: classes of the image, texts, and that there is nothing. */
export function WholeImageLabels({ items, nameOf }: { items: readonly Annotation[]; nameOf: NameOfClass }) {
  const t = useTranslations('time_travel');
  const annotationName = useAnnotationName(nameOf);
  const placeless = items.filter(({ annotation_type }) => PLACELESS.includes(annotation_type));
  if (placeless.length === 0) return null;
  return (
    <section aria-label={t('whole_image')} className="flex flex-col gap-1 text-sm">
      <h3 className="text-xs font-semibold text-muted">{t('whole_image')}</h3>
      <ul className="flex flex-col gap-1">
        {placeless.map((one) => (
          <li key={one.id} className="flex flex-col wrap-anywhere">
            {annotationName(one)}
            <AnnotationText annotation={one} />
          </li>
        ))}
      </ul>
    </section>
  );
}
