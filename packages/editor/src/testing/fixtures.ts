import { TASK_GEOMETRIES, TASK_TYPES, type Box, type Geometry, type Ring } from '@labelyard/domain';
import { storedShapeId, type Shape } from '../records/shape.js';

/** A shape as the server would have stored it. Task type follows from the geometry. */
export function storedBox(annotation_id: number, bbox: Box, fields: Partial<Shape> = {}): Shape {
  return stored(annotation_id, { type: 'bbox', bbox }, fields);
}

/** A stored polygon of one ring, with holes if given. */
export function storedPolygon(
  annotation_id: number,
  ring: Ring,
  holes: readonly Ring[] = [],
  fields: Partial<Shape> = {},
): Shape {
  return stored(annotation_id, { type: 'polygon', polygons: [[ring, holes]] }, fields);
}

/** A stored shape of any geometry: class 1, confirmed, version 1 unless told otherwise. */
export function stored(annotation_id: number, geometry: Geometry, fields: Partial<Shape> = {}): Shape {
  return {
    id: storedShapeId(annotation_id),
    annotation_id,
    task_type: TASK_TYPES.find((task) => TASK_GEOMETRIES[task].includes(geometry.type)) ?? 'detection',
    annotation_type: geometry.type,
    class_id: 1,
    geometry,
    attributes: {},
    version: 1,
    state: 'confirmed',
    confidence: null,
    source: 'manual',
    ...fields,
  };
}
