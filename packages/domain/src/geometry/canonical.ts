import type { Geometry } from './geometry.js';

/** The keys of a geometry in the order of the wire description, and nothing else. */
function ordered(geometry: Geometry): Geometry {
  switch (geometry.type) {
    case 'bbox':
      return { type: geometry.type, bbox: geometry.bbox };
    case 'rotated_bbox':
      return { type: geometry.type, center: geometry.center, size: geometry.size, angle: geometry.angle };
    case 'polygon':
      return { type: geometry.type, polygons: geometry.polygons };
    case 'mask':
      return { type: geometry.type, size: geometry.size, counts: geometry.counts };
    case 'polyline':
      return { type: geometry.type, points: geometry.points };
    case 'circle':
      return { type: geometry.type, center: geometry.center, radius: geometry.radius };
    case 'keypoints':
      return { type: geometry.type, points: geometry.points };
    case 'classification':
      return { type: geometry.type };
    case 'no_object':
      return { type: geometry.type };
    case 'text': {
      const { type, label_type, text, question, language } = geometry;
      return { type, label_type, text, question, language };
    }
  }
}

/**
 * The text a geometry is stored as: compact JSON, keys in the order of the wire description, no white space, unknown keys left out.
 * Equal geometries give equal bytes: ECMAScript writes a number in the shortest form that reads back equal, and -0 as 0.
 * Writers of formats rely on this exact layout to copy numbers without parsing them. Expects a checked geometry.
 */
export function canonicalGeometryJson(geometry: Geometry): string {
  return JSON.stringify(ordered(geometry));
}
