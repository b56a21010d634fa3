import type { Bbox, Point } from './pages/workbench-page';

export interface CocoFile {
  readonly images: readonly { id: number; width: number; height: number; file_name: string }[];
  readonly categories: readonly { id: number; name: string; supercategory: string }[];
  readonly annotations: readonly {
    id: number;
    image_id: number;
    category_id: number;
    bbox: number[];
    area: number;
    iscrowd: number;
    segmentation: number[][];
  }[];
}

/** What somebody has drawn, in the words of the screen. */
export type DrawnShape =
  | { readonly image: string; readonly category: string; readonly box: Bbox }
  | { readonly image: string; readonly category: string; readonly ring: readonly Point[] };

/** A row of the file in the words of the screen, its numbers to 1/10,000. */
export interface ReadableRow {
  readonly image: string;
  readonly category: string;
  readonly bbox: number[];
  readonly area: number;
  readonly iscrowd: number;
  readonly segmentation: number[][];
}

/** The rows that what was drawn must become, worked out from the drawing alone. */
export function expectedRows(drawn: readonly DrawnShape[]): ReadableRow[] {
  return sorted(
    drawn.map((shape) => {
      const ring: readonly Point[] = 'ring' in shape ? shape.ring : corners(shape.box);
      const xs = ring.map(([x]) => x);
      const ys = ring.map(([, y]) => y);
      const [left, top] = [Math.min(...xs), Math.min(...ys)];
      return {
        image: shape.image,
        category: shape.category,
        bbox: [left, top, Math.max(...xs) - left, Math.max(...ys) - top].map(fine),
        area: fine(shoelace(ring)),
        iscrowd: 0,
        segmentation: [ring.flat().map(fine)],
      };
    }),
  );
}

/** The rows of the file, with ids replaced by what they stand for. */
export function readableRows({ images, categories, annotations }: CocoFile): ReadableRow[] {
  return sorted(
    annotations.map(({ image_id, category_id, bbox, area, iscrowd, segmentation }) => ({
      image: images.find(({ id }) => id === image_id)?.file_name ?? `unknown image ${image_id}`,
      category: categories.find(({ id }) => id === category_id)?.name ?? `unknown category ${category_id}`,
      bbox: bbox.map(fine),
      area: fine(area),
      iscrowd,
      segmentation: segmentation.map((ring) => ring.map(fine)),
    })),
  );
}

function corners([x, y, w, h]: Bbox): Point[] {
  return [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
  ];
}

function shoelace(ring: readonly Point[]): number {
  const twice = ring.reduce((sum, [x, y], i) => {
    const [nx, ny] = ring[(i + 1) % ring.length] as Point;
    return sum + x * ny - nx * y;
  }, 0);
  return Math.abs(twice) / 2;
}

/** Coordinates are stored to 1/100 px; their sums and products carry the noise of floating-point numbers. */
function fine(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

function sorted(rows: ReadableRow[]): ReadableRow[] {
  const key = ({ image, category, bbox }: ReadableRow) => JSON.stringify([image, category, bbox]);
  return rows.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}
