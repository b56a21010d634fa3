import type { Annotation } from '@labelyard/domain';

/** For tests: a box as the server holds it, drawn by hand and not confirmed. */
export function storedAnnotation(fields: Partial<Annotation> = {}): Annotation {
  return {
    id: 9,
    project_id: 1,
    image_id: 5,
    task_type: 'detection',
    annotation_type: 'bbox',
    class_id: 1,
    geometry: { type: 'bbox', bbox: [10, 1, 5, 5] },
    attributes: {},
    confidence: null,
    source: 'manual',
    state: 'draft',
    version: 1,
    created_by: '1',
    updated_by: '1',
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    confirmed_by: null,
    confirmed_at: null,
    ...fields,
  };
}
