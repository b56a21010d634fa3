import type { Annotation } from '@labelyard/domain';
import { changedAnnotations, tell, toldChanges } from './told-changes';

const annotation = (values: Partial<Annotation>) =>
  ({
    id: 1,
    class_id: 1,
    geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
    attributes: {},
    confidence: null,
    state: 'draft',
    source: 'manual',
    ...values,
  }) as Annotation;
const caption = (values: { text: string; language?: string }) =>
  annotation({ class_id: null, geometry: { type: 'text', label_type: 'caption', language: 'en', ...values } });

test('class and shape are told, attributes one by one', () => {
  const before = annotation({ attributes: { size: 1, tags: ['a'], gone: true } });
  const after = annotation({
    class_id: 2,
    geometry: { type: 'bbox', bbox: [5, 2, 3, 4] },
    attributes: { tags: ['a'], size: 2, added: 'x' },
  });
  expect(toldChanges(before, after)).toEqual([
    { what: 'geometry' },
    { what: 'class_id', from: 1, to: 2 },
    { what: 'attribute', name: 'size', from: 1, to: 2 },
    { what: 'attribute', name: 'gone', from: true, to: undefined },
    { what: 'attribute', name: 'added', from: undefined, to: 'x' },
  ]);
});

test('of a text, its words are told', () => {
  expect(toldChanges(caption({ text: 'A cat' }), caption({ text: 'A dog', language: 'fr' }))).toEqual([
    { what: 'text', from: 'A cat', to: 'A dog' },
    { what: 'language', from: 'en', to: 'fr' },
  ]);
});

test('what the server found is told alike; a field of a newer server is left out', () => {
  expect(tell([{ field: 'geometry' }, { field: 'colour', from: 1, to: 2 }])).toEqual([{ what: 'geometry' }]);
});

test('annotations that came, went or differ are found; the same ones are not', () => {
  const [same, old, changed, gone, added] = [
    annotation({ id: 1 }),
    annotation({ id: 2 }),
    annotation({ id: 2, class_id: 9 }),
    annotation({ id: 3 }),
    annotation({ id: 4 }),
  ] as const;
  expect(changedAnnotations([same, old, gone], [same, changed, added])).toEqual([
    { before: old, after: changed },
    { before: null, after: added },
    { before: gone, after: null },
  ]);
});
