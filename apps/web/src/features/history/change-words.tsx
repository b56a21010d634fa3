import { ANNOTATION_STATES } from '@labelyard/domain';
import { useTranslations } from 'next-intl';
import type { ToldChange } from './told-changes';

export type NameOfClass = (class_id: number | null) => string;

/** What is different about an annotation, a line each. */
export function ChangeWords({
  changes,
  nameOf,
  className,
}: {
  changes: readonly ToldChange[];
  nameOf: NameOfClass;
  className?: string;
}) {
  const t = useTranslations('shape_history');
  const states = useTranslations('workbench.states');
  const value = ({ what }: ToldChange, raw: unknown): string => {
    if (what === 'class_id') return nameOf(typeof raw === 'number' ? raw : null);
    const state = what === 'state' ? ANNOTATION_STATES.find((known) => known === raw) : undefined;
    if (state) return states(state);
    if (raw === undefined || raw === null || raw === '') return t('nothing');
    return typeof raw === 'string' ? raw : Array.isArray(raw) ? raw.join(', ') : JSON.stringify(raw);
  };
  return changes.map((change) => {
    const { what, name = '', from, to } = change;
    const field = what === 'attribute' ? t('fields.attribute', { name }) : t(`fields.${what}`);
    return (
      <span key={`${what} ${name}`} className={className}>
        {what === 'geometry' ? field : t('change', { field, from: value(change, from), to: value(change, to) })}
      </span>
    );
  });
}
