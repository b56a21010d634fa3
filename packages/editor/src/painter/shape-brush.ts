import { kindOf } from '../kinds/kind-table.js';
import type { Shape } from '../records/shape.js';
import type { IndexEntry } from '../records/spatial-index.js';
import { HALO, type ClassStyleResolver } from './class-style.js';
import { DeviceSink } from './device-sink.js';
import type { Context2D, Placement } from './surface.js';

/** Shapes smaller than this on screen (device pixels) are painted as rectangles. */
export const RECTANGLE_BELOW = 5;
/** Shapes in one path. Larger paths cost more than linearly (4-performance, canvas). */
export const BATCH = 64;

export interface BrushOptions {
  readonly context: Context2D;
  readonly placement: Placement;
  readonly classStyle: ClassStyleResolver;
  /** Device pixels per CSS pixel. */
  readonly ratio: number;
  readonly opacity: number;
  /** Whether lines get their dark rim. */
  readonly halo: boolean;
}

/** A shape and where it lies, in image pixels. */
export interface Placed {
  readonly shape: Shape;
  readonly bounds: Pick<IndexEntry, 'minX' | 'minY' | 'maxX' | 'maxY'>;
}

interface Batch {
  readonly color: string;
  readonly rule: 'nonzero' | 'evenodd' | null;
  readonly rectangles: boolean;
}

/**
 * Paints shapes from back to front. Neighbours in the order that look alike and do not touch share a path, so the picture is
 * exactly that of painting one by one, and repainting a part of it leaves no seam.
 */
export class ShapeBrush {
  private batch: Batch | null = null;
  private count = 0;
  private minX = 0;
  private minY = 0;
  private maxX = 0;
  private maxY = 0;
  private readonly sink: DeviceSink;

  constructor(private readonly options: BrushOptions) {
    const { context, placement } = options;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.lineJoin = 'round';
    this.sink = new DeviceSink(context, placement);
  }

  add({ shape, bounds }: Placed): void {
    const kind = kindOf(shape.geometry);
    if (!kind) return;
    const { scale } = this.options.placement;
    const rectangles = Math.max(bounds.maxX - bounds.minX, bounds.maxY - bounds.minY) * scale < RECTANGLE_BELOW;
    const rule = rectangles ? 'nonzero' : kind.fillRule(shape.geometry);
    const { color } = this.options.classStyle(shape.class_id);
    this.open({ color, rule, rectangles }, bounds);
    if (rectangles) this.rectangle(bounds);
    else kind.path(shape.geometry, this.sink);
  }

  /** Paints what was collected. Must be called in the end. */
  flush(): void {
    if (!this.batch || this.count === 0) return;
    const { context, opacity, ratio, halo } = this.options;
    const { color, rule, rectangles } = this.batch;
    context.fillStyle = color;
    if (rectangles) {
      context.globalAlpha = Math.max(opacity, 0.8);
      context.fill();
    } else {
      if (rule && opacity > 0) {
        context.globalAlpha = opacity;
        context.fill(rule);
      }
      context.globalAlpha = 1;
      if (halo) strokeLine(context, HALO, 3.5 * ratio);
      strokeLine(context, color, 1.5 * ratio);
    }
    context.globalAlpha = 1;
    this.batch = null;
    this.count = 0;
  }

  /** Starts a new path unless this shape may join the one that is open. */
  private open(next: Batch, { minX, minY, maxX, maxY }: Placed['bounds']): void {
    const rim = (4 * this.options.ratio) / this.options.placement.scale;
    const { batch } = this;
    const alike =
      batch && batch.color === next.color && batch.rule === next.rule && batch.rectangles === next.rectangles;
    const apart = minX - rim > this.maxX || maxX + rim < this.minX || minY - rim > this.maxY || maxY + rim < this.minY;
    // Tiny rectangles are opaque enough that touching does not show.
    if (!alike || this.count >= BATCH || !(apart || next.rectangles)) {
      this.flush();
      this.batch = next;
      this.options.context.beginPath();
      [this.minX, this.minY, this.maxX, this.maxY] = [minX, minY, maxX, maxY];
    } else {
      this.minX = Math.min(this.minX, minX);
      this.minY = Math.min(this.minY, minY);
      this.maxX = Math.max(this.maxX, maxX);
      this.maxY = Math.max(this.maxY, maxY);
    }
    this.count++;
  }

  private rectangle({ minX, minY, maxX, maxY }: Placed['bounds']): void {
    const { context, placement, ratio } = this.options;
    const { scale, x, y } = placement;
    context.rect(
      minX * scale + x,
      minY * scale + y,
      Math.max((maxX - minX) * scale, ratio),
      Math.max((maxY - minY) * scale, ratio),
    );
  }
}

export function strokeLine(context: Context2D, style: string, width: number): void {
  context.strokeStyle = style;
  context.lineWidth = width;
  context.stroke();
}
