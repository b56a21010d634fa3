import { annotationDifference, TOLD_FIELDS, type Annotation, type Geometry, type ToldField } from '@labelyard/domain';

const TEXT_PARTS = ['text', 'question', 'label_type', 'language'] as const;

/** One thing that is different, small enough for a line. */
export interface ToldChange {
  readonly what: Exclude<ToldField, 'attributes'> | 'attribute' | (typeof TEXT_PARTS)[number];
  /** Of an attribute. */
  readonly name?: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** An annotation on two sides of a change; null where it was not there. */
export interface ChangedAnnotation {
  readonly before: Annotation | null;
  readonly after: Annotation | null;
}

/** What differs between two versions of an annotation: of a text its words, of attributes each. */
export function toldChanges(before: Annotation | null, after: Annotation | null): ToldChange[] {
  return tell(annotationDifference(before, after), before?.geometry, after?.geometry);
}

/** The same of what the server found; the geometries are given where they are known. */
export function tell(
  changes: readonly { readonly field: string; readonly from?: unknown; readonly to?: unknown }[],
  before?: Geometry,
  after?: Geometry,
): ToldChange[] {
  return changes.flatMap(({ field, from, to }): ToldChange[] => {
    const what = TOLD_FIELDS.find((known) => known === field);
    if (what === undefined) return [];
    if (what === 'attributes') return parts(from, to).map(([name, values]) => ({ what: 'attribute', name, ...values }));
    if (what === 'geometry' && before?.type === 'text' && after?.type === 'text') {
      return TEXT_PARTS.flatMap((part) =>
        before[part] === after[part] ? [] : [{ what: part, from: before[part], to: after[part] }],
      );
    }
    return [what === 'geometry' ? { what } : { what, from, to }];
  });
}

/** The annotations that differ, gone ones last. */
export function changedAnnotations(before: readonly Annotation[], after: readonly Annotation[]): ChangedAnnotation[] {
  const earlier = new Map(before.map((one) => [one.id, one]));
  const now = new Set(after.map(({ id }) => id));
  return [
    ...after.map((one) => ({ before: earlier.get(one.id) ?? null, after: one })),
    ...before.filter(({ id }) => !now.has(id)).map((one) => ({ before: one, after: null })),
  ].filter((pair) => !pair.before || !pair.after || toldChanges(pair.before, pair.after).length > 0);
}

/** Names whose value is another, with both. */
function parts(before: unknown, after: unknown): [name: string, { from: unknown; to: unknown }][] {
  const [from, to] = [map(before), map(after)];
  return [...new Set([...Object.keys(from), ...Object.keys(to)])]
    .filter((name) => JSON.stringify(from[name]) !== JSON.stringify(to[name]))
    .map((name) => [name, { from: from[name], to: to[name] }]);
}

function map(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
