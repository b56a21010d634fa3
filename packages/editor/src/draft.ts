import type { Geometry, Point } from '@labelyard/domain';
import type { ChangeHub } from './change-hub.js';
import type { ShapeId } from './records/shape.js';

/** A shape being drawn. `geometry` when what exists so far is already a shape, else the bare points. */
export interface Drawing {
  readonly geometry: Geometry | null;
  /** Points put down so far. */
  readonly points: readonly Point[];
  /** Where the next point would go. */
  readonly rubber: Point | null;
  /** The next point would close the shape. */
  readonly closing: boolean;
}

/** A marquee being drawn: two corners in image pixels. */
export interface Brush {
  readonly from: Point;
  readonly to: Point;
}

export interface DraftState {
  /** Geometry of shapes in the hand: shown instead of the record's until the gesture completes. */
  readonly moved: ReadonlyMap<ShapeId, Geometry>;
  readonly drawing: Drawing | null;
  readonly brush: Brush | null;
}

const NOTHING: DraftState = { moved: new Map(), drawing: null, brush: null };

/**
 * What a gesture shows before it completes. Records and history know nothing of it, so that
 * cancelling is forgetting, and saving never sees half a drag.
 */
export class Draft {
  state: DraftState = NOTHING;

  constructor(private readonly hub: ChangeHub) {}

  set(fields: Partial<DraftState>): void {
    this.state = { ...this.state, ...fields };
    this.hub.touch('draft');
  }

  clear(): void {
    if (this.state === NOTHING) return;
    this.state = NOTHING;
    this.hub.touch('draft');
  }
}
