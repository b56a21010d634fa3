import { boxesIntersect, geometryBounds, type Box } from '@labelyard/domain';
import type { EditorModel } from '../editor-model.js';
import { diffIds, type ShapesDiff } from '../records/diff.js';
import type { ShapeId } from '../records/shape.js';
import type { ClassStyleResolver } from './class-style.js';
import { MOST_TAGS, paintNameTags, TAG_HEIGHT, TAG_WIDTH } from './name-tags.js';
import { blit, covers, createRaster, type Raster, type Sight } from './raster.js';
import { ShapeBrush, type Placed } from './shape-brush.js';
import { contextOf, wipe, type Context2D, type Placement } from './surface.js';

/** Milliseconds of one frame that may go into painting the next raster. */
const SLICE_MS = 8;
/** Shapes painted between two looks at the clock. */
const CHUNK = 64;
/** Up to this many shapes are painted at once, without waiting for the camera to rest. */
const AT_ONCE = 400;
/** With more shapes in view, lines go without their dark rim. */
const MOST_HALOS = 4_000;
/** More changed shapes than this, or more shapes around them, and painting everything anew is cheaper than patching. */
const MOST_PATCHES = 200;
const MOST_PATCHED_SHAPES = 2_000;
/** CSS pixels a shape's lines reach beyond its bounds. */
const LINE_REACH = 4;

/** Decided once per raster, so that patches look like the rest of it. */
interface Looks {
  readonly ratio: number;
  readonly halo: boolean;
  readonly names: boolean;
}

interface Job {
  readonly raster: Raster;
  readonly looks: Looks;
  readonly shapes: readonly Placed[];
  readonly brush: ShapeBrush;
  next: number;
}

/**
 * All shapes that rest. They are painted into a raster in memory, a slice per frame; frames only copy it. Camera movement
 * copies it displaced and stretched until the next raster is ready. Single changes are patched into it.
 */
export class ShapesLayer {
  private readonly context: Context2D;
  private front: Raster | null = null;
  private looks: Looks = { ratio: 1, halo: true, names: true };
  private job: Job | null = null;
  /** The front shows an older state of everything. */
  private stale = true;
  /** Parts of the image to paint again, in image pixels. */
  private dirty: Box[] = [];
  /** Placement at which the front was copied to the screen; null when the screen is out of date. */
  private shown: Placement | null = null;
  private lifted: ReadonlySet<ShapeId> = new Set();

  constructor(
    canvas: HTMLCanvasElement,
    private readonly model: EditorModel,
    private readonly style: { readonly resolve: ClassStyleResolver },
    private readonly now: () => number,
  ) {
    this.context = contextOf(canvas);
  }

  /** Everything looks different now (image, classes, opacity, visibility). */
  invalidate(): void {
    this.stale = true;
    this.job = null;
    this.dirty = [];
  }

  /** Another image: the old raster would show the wrong shapes. */
  forget(): void {
    this.invalidate();
    this.front = null;
    this.shown = null;
  }

  /** Follows a change of the records. */
  change(diff: ShapesDiff): void {
    if (this.stale) return;
    if (diffIds(diff).length > MOST_PATCHES) return this.invalidate();
    const shapes = [
      ...Object.values(diff.added),
      ...Object.values(diff.removed),
      ...Object.values(diff.updated).flat(),
    ];
    for (const { geometry } of shapes) this.touch(geometryBounds(geometry));
  }

  /** Shapes in the hand are painted by the overlay and left out here. */
  lift(ids: ReadonlySet<ShapeId>): void {
    const changed = [...ids, ...this.lifted].filter((id) => ids.has(id) !== this.lifted.has(id));
    this.lifted = ids;
    if (changed.length > MOST_PATCHES) return this.invalidate();
    for (const id of changed) this.touch(this.boundsOf(id));
  }

  /** The canvas was emptied (resized): copy again even if nothing changed. */
  exposed(): void {
    this.shown = null;
  }

  /** Paints one frame. `calm`: the camera rests. True when another frame is needed. */
  paint(sight: Sight | null, calm: boolean): boolean {
    if (!sight || !this.model.view.state.show_shapes) {
      wipe(this.context);
      this.shown = null;
      return false;
    }
    this.patch();
    if (this.job && this.job.raster.placement.scale !== sight.placement.scale && calm) this.restart();
    if (!this.job && this.wants(sight, calm)) this.start(sight);
    if (this.advance()) this.patch();
    this.show(sight);
    return this.job !== null || (!calm && this.front?.placement.scale !== sight.placement.scale);
  }

  /** Copies the front to the screen, unless it is there already. */
  private show(sight: Sight): void {
    const { placement } = sight;
    const same = this.shown?.scale === placement.scale && this.shown.x === placement.x && this.shown.y === placement.y;
    if (same) return;
    wipe(this.context);
    if (this.front) blit(this.context, this.front, sight);
    this.shown = placement;
  }

  /** The raster in work would be of the wrong scale; what it was to show is still to be shown. */
  private restart(): void {
    this.job = null;
    this.stale = true;
  }

  private wants(sight: Sight, calm: boolean): boolean {
    if (!this.front || this.stale || !covers(this.front, sight)) return true;
    if (this.front.placement.scale === sight.placement.scale) return false;
    return calm || this.model.index.size <= AT_ONCE;
  }

  private start(sight: Sight): void {
    const raster = createRaster(sight);
    this.stale = false;
    this.dirty = [];
    if (!raster) return this.nothing();
    const shapes = this.placedIn(raster.box);
    const looks: Looks = {
      ratio: sight.ratio,
      halo: shapes.length <= MOST_HALOS,
      names: this.model.view.state.show_names && shapes.length <= MOST_TAGS,
    };
    this.job = { raster, looks, shapes, brush: this.brush(raster, looks), next: 0 };
  }

  private nothing(): void {
    this.front = null;
    this.shown = null;
  }

  /** Paints on for a slice of time; true when the raster got ready. */
  private advance(): boolean {
    const { job } = this;
    if (!job) return false;
    const until = this.now() + SLICE_MS;
    const atOnce = job.shapes.length <= AT_ONCE;
    while (job.next < job.shapes.length) {
      const end = Math.min(job.next + CHUNK, job.shapes.length);
      for (; job.next < end; job.next++) job.brush.add(job.shapes[job.next] as Placed);
      settle(job.raster.context);
      if (!atOnce && this.now() >= until) break;
    }
    if (job.next < job.shapes.length) return false;
    job.brush.flush();
    this.front = job.raster;
    this.looks = job.looks;
    this.names(job.shapes);
    this.job = null;
    this.shown = null;
    return true;
  }

  /** Paints the parts that changed since the front was painted. */
  private patch(): void {
    const { front } = this;
    if (!front || this.job || this.dirty.length === 0) return;
    const boxes = merged(this.dirty).filter((box) => boxesIntersect(box, front.box));
    this.dirty = [];
    this.shown = null;
    for (const box of boxes) {
      if (!this.patchBox(front, box)) return this.invalidate();
    }
  }

  private patchBox(front: Raster, [x, y, w, h]: Box): boolean {
    const { context, placement } = front;
    const { ratio } = this.looks;
    const reach = LINE_REACH * ratio;
    const left = Math.floor(x * placement.scale + placement.x - reach);
    const top = Math.floor(y * placement.scale + placement.y - reach - TAG_HEIGHT * ratio);
    const right = Math.ceil((x + w) * placement.scale + placement.x + reach + TAG_WIDTH * ratio);
    const bottom = Math.ceil((y + h) * placement.scale + placement.y + reach + TAG_HEIGHT * ratio);
    // Whatever may reach into the part: lines on all sides, names from the left and from below.
    const around: Box = [
      (left - reach - TAG_WIDTH * ratio - placement.x) / placement.scale,
      (top - reach - TAG_HEIGHT * ratio - placement.y) / placement.scale,
      (right - left + 2 * reach + TAG_WIDTH * ratio) / placement.scale,
      (bottom - top + 2 * reach + 2 * TAG_HEIGHT * ratio) / placement.scale,
    ];
    const shapes = this.placedIn(around);
    if (shapes.length > MOST_PATCHED_SHAPES) return false;
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(left, top, right - left, bottom - top);
    context.clip();
    context.clearRect(left, top, right - left, bottom - top);
    const brush = this.brush(front, this.looks);
    for (const placed of shapes) brush.add(placed);
    brush.flush();
    this.names(shapes);
    context.restore();
    return true;
  }

  private brush({ context, placement }: Raster, { ratio, halo }: Looks): ShapeBrush {
    const { opacity } = this.model.view.state;
    return new ShapeBrush({ context, placement, classStyle: this.style.resolve, ratio, opacity, halo });
  }

  private names(shapes: readonly Placed[]): void {
    if (!this.front || !this.looks.names) return;
    paintNameTags(this.front.context, shapes, this.front.placement, this.style.resolve, this.looks.ratio);
  }

  private placedIn(box: Box): Placed[] {
    const { store, view, index } = this.model;
    const placed: { shape: Placed['shape']; bounds: Placed['bounds']; rank: number }[] = [];
    for (const bounds of index.search(box)) {
      const shape = store.get(bounds.id);
      if (!shape || this.lifted.has(shape.id) || !view.isVisible(shape)) continue;
      placed.push({ shape, bounds, rank: store.rank(shape.id) });
    }
    return placed.sort((a, b) => a.rank - b.rank);
  }

  private boundsOf(id: ShapeId): Box | null {
    const shape = this.model.store.get(id);
    return shape ? geometryBounds(shape.geometry) : null;
  }

  private touch(bounds: Box | null): void {
    if (bounds) this.dirty.push(bounds);
  }
}

/** Makes the browser paint what it only noted down so far, so that the clock sees it and the next copy does not stall. */
function settle(context: Context2D): void {
  context.getImageData(0, 0, 1, 1);
}

/** Joins boxes that touch, so that no part is painted twice. */
function merged(boxes: readonly Box[]): Box[] {
  const joined: Box[] = [];
  for (const next of boxes) {
    let box = next;
    for (let i = 0; i < joined.length;) {
      const other = joined[i] as Box;
      if (!boxesIntersect(box, other)) i++;
      else {
        box = around(box, other);
        joined.splice(i, 1);
        i = 0;
      }
    }
    joined.push(box);
  }
  return joined;
}

function around([ax, ay, aw, ah]: Box, [bx, by, bw, bh]: Box): Box {
  const [x, y] = [Math.min(ax, bx), Math.min(ay, by)];
  return [x, y, Math.max(ax + aw, bx + bw) - x, Math.max(ay + ah, by + bh) - y];
}
