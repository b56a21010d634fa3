import type { ImageSize, PolygonPart, Ring } from './geometry.js';
import { combineRle, type RleCounts } from './rle.js';

/**
 * Turns polygons into masks pixel for pixel as pycocotools does, so that what we write as RLE equals what a consumer would have
 * rasterised. Re-implemented from the published algorithm (`rleFrPoly` in common/maskApi.c of cocodataset/cocoapi, Simplified BSD,
 * P. Dollár and T.-Y. Lin 2015): vertices are snapped to a grid five times finer than the pixels, edges are walked on that grid
 * with one step along their longer axis, and each step across a pixel column's centre line leaves a crossing. The sorted
 * crossings are the borders of the runs.
 */
const GRID = 5;
/** On the fine grid, the column centre of pixel n lies between 5n + 2 and 5n + 3. */
const CENTRE = 2;

const snap = (coordinate: number): number => Math.trunc(GRID * coordinate + 0.5);

/** Collects, as column-major pixel indices, where the outline changes between outside and inside. */
class Crossings {
  private indices = new Uint32Array(256);
  private count = 0;

  constructor(private readonly size: ImageSize) {}

  /** The outline moved from fine column `u0` to `u1` (one apart) at fine rows `v0` → `v1`. */
  add(u0: number, v0: number, u1: number, v1: number): void {
    const leftOf = u1 < u0 ? u1 : u1 - 1;
    if (leftOf % GRID !== CENTRE) return;
    const column = (leftOf - CENTRE) / GRID;
    if (column < 0 || column > this.size.width - 1) return;
    const row = ((v1 < v0 ? v1 : v0) + 0.5) / GRID - 0.5;
    const firstInside = Math.ceil(Math.min(Math.max(row, 0), this.size.height));
    if (this.count === this.indices.length) {
      const grown = new Uint32Array(this.count * 2);
      grown.set(this.indices);
      this.indices = grown;
    }
    this.indices[this.count++] = column * this.size.height + firstInside;
  }

  /** Runs between the crossings; two crossings at one place cancel each other. */
  toRuns(): RleCounts {
    const borders = this.indices.subarray(0, this.count).sort();
    const runs: number[] = [];
    let before = 0;
    let at = 0;
    while (at < borders.length) {
      const border = borders[at] as number;
      if (borders[at + 1] === border) {
        at += 2;
        continue;
      }
      runs.push(border - before);
      before = border;
      at += 1;
    }
    const end = this.size.width * this.size.height;
    if (end > before || runs.length === 0) runs.push(end - before);
    return Uint32Array.from(runs);
  }
}

/** One ring as a filled mask, holes not known here. */
export function rasteriseRing(ring: Ring, size: ImageSize): RleCounts {
  const crossings = new Crossings(size);
  let lastU = NaN;
  let lastV = NaN;
  ring.forEach(([x, y], index) => {
    const [endX, endY] = ring[(index + 1) % ring.length] as readonly [number, number];
    const x0 = snap(x);
    const y0 = snap(y);
    const dx = snap(endX) - x0;
    const dy = snap(endY) - y0;
    const flat = Math.abs(dx) >= Math.abs(dy);
    const steps = flat ? Math.abs(dx) : Math.abs(dy);
    // An edge is always walked on the numbers of its increasing direction, so that neighbours sharing it agree on every pixel.
    const reversed = flat ? dx < 0 : dy < 0;
    const baseX = reversed ? x0 + dx : x0;
    const baseY = reversed ? y0 + dy : y0;
    const slope = steps === 0 ? 0 : flat ? (reversed ? -dy : dy) / steps : (reversed ? -dx : dx) / steps;
    for (let step = 0; step <= steps; step++) {
      const t = reversed ? steps - step : step;
      const u = flat ? baseX + t : Math.trunc(baseX + slope * t + 0.5);
      const v = flat ? Math.trunc(baseY + slope * t + 0.5) : baseY + t;
      if (u !== lastU && !Number.isNaN(lastU)) crossings.add(lastU, lastV, u, v);
      lastU = u;
      lastV = v;
    }
  });
  return crossings.toRuns();
}

const union = (a: boolean, b: boolean): boolean => a || b;
const difference = (a: boolean, b: boolean): boolean => a && !b;

/** All parts of a polygon as one mask: each outer ring minus its holes, then united. Runs are column-major, background first. */
export function rasterisePolygon(parts: readonly PolygonPart[], size: ImageSize): RleCounts {
  let mask: RleCounts = Uint32Array.of(size.width * size.height);
  for (const [outer, holes] of parts) {
    let part = rasteriseRing(outer, size);
    for (const hole of holes) part = combineRle(part, rasteriseRing(hole, size), difference);
    mask = combineRle(mask, part, union);
  }
  return mask;
}
