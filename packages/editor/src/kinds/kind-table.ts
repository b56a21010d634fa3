import type { Geometry, GeometryType } from '@labelyard/domain';
import { bboxKind } from './bbox.js';
import { classificationKind, noObjectKind } from './image-level.js';
import { polygonKind } from './polygon.js';
import type { ShapeKind } from './shape-kind.js';

type KindTable = { readonly [T in GeometryType]?: ShapeKind<Extract<Geometry, { type: T }>> };

/** Kinds the editor can draw and edit. A kind that is not here stays in the records untouched and unseen. */
const KINDS: KindTable = {
  bbox: bboxKind,
  polygon: polygonKind,
  classification: classificationKind,
  no_object: noObjectKind,
};

/** The kind of a geometry, or null while the editor has none for it. */
export function kindOf(geometry: Geometry): ShapeKind | null {
  return kindNamed(geometry.type);
}

export function kindNamed(type: GeometryType): ShapeKind | null {
  // Each entry takes exactly its own geometry; callers always pass a kind the geometry it was found by.
  return (KINDS[type] as ShapeKind | undefined) ?? null;
}
