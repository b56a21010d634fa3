import type { Geometry, ImageSize } from '@labelyard/domain';
import { kindOf } from '../kinds/kind-table.js';
import { roundCoordinate } from '../kinds/rounding.js';
import { boundsOf } from '../picking.js';
import type { Shape, ShapeId } from '../records/shape.js';

/** Shapes that move as one: where the first of them meets the image's edge, all stop, so their arrangement stays. */
export class MoveTogether {
  private readonly left: number = 0;
  private readonly right: number = 0;
  private readonly up: number = 0;
  private readonly down: number = 0;

  constructor(
    private readonly shapes: readonly Shape[],
    private readonly image: ImageSize,
  ) {
    const bounds = boundsOf(shapes);
    if (!bounds) return;
    const [x, y, w, h] = bounds;
    this.left = Math.min(-x, 0);
    this.up = Math.min(-y, 0);
    this.right = Math.max(image.width - x - w, 0);
    this.down = Math.max(image.height - y - h, 0);
  }

  /** Geometries after moving from where they started; only those that changed. */
  by(dx: number, dy: number): Map<ShapeId, Geometry> {
    const x = roundCoordinate(Math.min(Math.max(dx, this.left), this.right));
    const y = roundCoordinate(Math.min(Math.max(dy, this.up), this.down));
    const moved = new Map<ShapeId, Geometry>();
    if (x === 0 && y === 0) return moved;
    for (const { id, geometry } of this.shapes) {
      const kind = kindOf(geometry);
      const next = kind?.round(kind.translate(geometry, x, y, this.image)) ?? geometry;
      if (next !== geometry) moved.set(id, next);
    }
    return moved;
  }
}
