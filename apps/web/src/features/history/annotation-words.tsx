import { needsClass, type Annotation } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import type { NameOfClass } from './change-words';

/** "cat · box": what an annotation is called where it cannot be pointed at. */
export function useAnnotationName(nameOf: NameOfClass): (annotation: Annotation) => string {
  const kinds = useTranslations('workbench.kinds');
  return ({ class_id, annotation_type }) =>
    needsClass(annotation_type) ? `${nameOf(class_id)} · ${kinds(annotation_type)}` : kinds(annotation_type);
}

/** What a text says; nothing for other kinds. */
export function AnnotationText({ annotation: { geometry } }: { annotation: Annotation }) {
  if (geometry.type !== 'text') return null;
  return (
    <span className="text-xs whitespace-pre-line text-muted wrap-anywhere">
      {geometry.question ? `${geometry.question}\n${geometry.text}` : geometry.text}
    </span>
  );
}
