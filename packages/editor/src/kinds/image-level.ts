import type { ClassificationGeometry, Geometry, NoObjectGeometry } from '@labelyard/domain';
import type { ShapeKind } from './shape-kind.js';

/** A statement about the whole image: it has no place, so nothing to hit, grip or draw. */
function imageLevelKind<G extends Geometry>(geometry: G): ShapeKind<G> {
  return {
    type: geometry.type,
    create: () => geometry,
    hit: () => false,
    handles: () => [],
    moveHandle: (same) => same,
    removeHandle: () => null,
    translate: (same) => same,
    round: (same) => same,
    path: () => undefined,
    fillRule: () => null,
  };
}

export const classificationKind = imageLevelKind<ClassificationGeometry>({ type: 'classification' });
export const noObjectKind = imageLevelKind<NoObjectGeometry>({ type: 'no_object' });
