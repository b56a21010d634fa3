import type { Annotation } from './annotation.js';
import { annotationDifference } from './annotation-difference.js';

const row: Annotation = {
  id: 1,
  project_id: 1,
  image_id: 1,
  task_type: 'detection',
  annotation_type: 'bbox',
  class_id: 3,
  geometry: { type: 'bbox', bbox: [1, 2, 3, 4] },
  attributes: { color: 'red', tags: ['a'] },
  confidence: null,
  source: 'manual',
  state: 'draft',
  version: 1,
  created_by: 'a',
  updated_by: 'a',
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  confirmed_by: null,
  confirmed_at: null,
};

test('tells what changed, and nothing of what merely goes along', () => {
  const after: Annotation = {
    ...row,
    version: 2,
    updated_by: 'b',
    class_id: 4,
    geometry: { type: 'bbox', bbox: [1, 2, 3, 5] },
    attributes: { tags: ['a'], color: 'red' },
    state: 'confirmed',
  };
  expect(annotationDifference(row, after)).toEqual([
    { field: 'geometry' },
    { field: 'class_id', from: 3, to: 4 },
    { field: 'state', from: 'draft', to: 'confirmed' },
  ]);
  expect(annotationDifference(row, { ...row, attributes: { color: 'red', tags: ['a', 'b'] } })).toMatchObject([
    { field: 'attributes' },
  ]);
});

test('the first version and a deletion change no field', () => {
  expect(annotationDifference(null, row)).toEqual([]);
  expect(annotationDifference(row, null)).toEqual([]);
});
