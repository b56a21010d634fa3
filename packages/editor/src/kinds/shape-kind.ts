import type { Geometry, ImageSize, Point } from '@labelyard/domain';

/** What a handle does; painters choose its looks by it. `insert` makes a new vertex where it is dragged. */
export type HandleRole = 'corner' | 'edge' | 'vertex' | 'insert';

export interface Handle {
  /** Unique within the shape; means the same place as long as the number of points stays. */
  readonly id: string;
  readonly role: HandleRole;
  /** Image pixels. */
  readonly point: Point;
  /** CSS cursor while over it. */
  readonly cursor: string;
}

/** Where a kind draws its outline: a `Path2D`, a 2D context, or something that thins it out on the way. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
}

/**
 * Everything the editor knows about one kind of geometry. Pure functions in image pixels: geometry in, geometry out.
 * Bounds, area and validity come from `@labelyard/domain`, which knows every kind.
 */
export interface ShapeKind<G extends Geometry = Geometry> {
  readonly type: G['type'];
  /** The geometry of points put down in order; null when they do not make one (too few, no extent). */
  create(points: readonly Point[], image: ImageSize): G | null;
  /** Whether `point` is on the shape or closer to it than `tolerance` pixels. */
  hit(geometry: G, point: Point, tolerance: number): boolean;
  /** Grips, in the order the keyboard walks through them. */
  handles(geometry: G): readonly Handle[];
  /** The geometry after dragging a grip of `geometry` to `to`, kept inside the image. */
  moveHandle(geometry: G, handle_id: string, to: Point, image: ImageSize): G;
  /** The geometry without a vertex; null when the grip cannot be taken away. */
  removeHandle(geometry: G, handle_id: string): G | null;
  translate(geometry: G, dx: number, dy: number, image: ImageSize): G;
  /** Coordinates to 1/100 px, the precision that is stored. */
  round(geometry: G): G;
  /** Draws the outline. */
  path(geometry: G, sink: PathSink): void;
  /** How its inside is filled: null for lines and points, `evenodd` where holes must stay empty. */
  fillRule(geometry: G): 'nonzero' | 'evenodd' | null;
}
