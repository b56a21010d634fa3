import type { ImageSize, Point, PolygonPart, RleCounts, Ring } from '@labelyard/domain';
import { MaskParts } from './mask-parts.js';

/**
 * Outlines of a mask along the edges of its pixels, as parts with their holes: rasterising them gives the mask back, pixel for pixel.
 * Pixels that touch at a corner only belong to different parts.
 */
export function maskRings(counts: RleCounts, { width, height }: ImageSize): PolygonPart[] {
  const pixels = new Bitmap(counts, width, height);
  const outers: { ring: Point[]; begin: Point; holes: Ring[] }[] = [];
  const holes: { ring: Point[]; begin: Point }[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!pixels.beginsEdge(x, y)) continue;
      const ring = pixels.follow(x, y);
      if (isClockwise(ring)) outers.push({ ring, begin: [x, y], holes: [] });
      else holes.push({ ring, begin: [x, y] });
    }
  }
  if (holes.length > 0) {
    const parts = new MaskParts(counts, height);
    const byPart = new Map(outers.map((outer) => [parts.partOf(...outer.begin), outer]));
    for (const { ring, begin } of holes) byPart.get(parts.partOf(...begin))?.holes.push(ring);
  }
  return outers.map(({ ring, holes: own }) => [ring, own]);
}

const RIGHT = [1, 0] as const;
const DOWN = [0, 1] as const;
const LEFT = [-1, 0] as const;
const UP = [0, -1] as const;
const TURNS = [RIGHT, DOWN, LEFT, UP];

class Bitmap {
  private readonly set: Uint8Array;
  /** Upper edges that are part of an outline already. */
  private readonly seen: Uint8Array;

  constructor(
    counts: RleCounts,
    private readonly width: number,
    private readonly height: number,
  ) {
    this.set = new Uint8Array(width * height);
    this.seen = new Uint8Array(width * height);
    let at = 0;
    counts.forEach((count, run) => {
      if (run % 2) {
        for (let pixel = at; pixel < at + count; pixel++) {
          this.set[(pixel % height) * width + Math.floor(pixel / height)] = 1;
        }
      }
      at += count;
    });
  }

  private at(x: number, y: number): boolean {
    return x >= 0 && y >= 0 && x < this.width && y < this.height && this.set[y * this.width + x] === 1;
  }

  beginsEdge(x: number, y: number): boolean {
    return this.at(x, y) && !this.at(x, y - 1) && this.seen[y * this.width + x] === 0;
  }

  /** Walks with the mask to the right, from the upper left corner of a pixel. Only corners are kept. */
  follow(startX: number, startY: number): Point[] {
    const ring: Point[] = [];
    let [x, y] = [startX, startY];
    let direction = 0;
    do {
      const [dx, dy] = TURNS[direction] as readonly [number, number];
      if (direction === 0) this.seen[y * this.width + x] = 1;
      x += dx;
      y += dy;
      // Pixels ahead, to the right and to the left of the corner that was reached.
      const right = this.at(x + Math.min(dx - dy, 0), y + Math.min(dx + dy, 0));
      const left = this.at(x + Math.min(dx + dy, 0), y + Math.min(dy - dx, 0));
      const turned = !right ? (direction + 1) % 4 : left ? (direction + 3) % 4 : direction;
      if (turned !== direction) ring.push([x, y]);
      direction = turned;
    } while (x !== startX || y !== startY || direction !== 0);
    return ring;
  }
}

function isClockwise(ring: Ring): boolean {
  let twice = 0;
  ring.forEach(([x, y], n) => {
    const [nextX, nextY] = ring[(n + 1) % ring.length] as Point;
    twice += x * nextY - nextX * y;
  });
  return twice > 0;
}
