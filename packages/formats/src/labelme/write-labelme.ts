import { decodeRleCounts, rotatedBoxCorners, type Geometry, type Point, type PolygonPart } from '@labelyard/domain';
import { bridgedRing } from '../bridged-ring.js';
import type {
  ExportAnnotation,
  ExportClass,
  ExportedFile,
  ExportedPicture,
  ExportImage,
  ExportRun,
  ExportSource,
} from '../codec.js';
import { ExportNames } from '../export-names.js';
import { ExportTally } from '../export-tally.js';
import { geometryOfRow, imagesWithRows } from '../image-rows.js';
import { maskRings } from '../mask-rings.js';

/** Codes are a contract with readers of reports: add, do not rename. */
const REASONS = {
  dropped: {
    keypoints: 'LabelMe has single points only, not keypoints that belong together.',
    text: 'LabelMe has no place for captions and answers.',
    unknown_class: 'The annotation has no class, or one that is not part of this export.',
    unknown_image: 'The image of the annotation is not part of this export.',
    unreadable_geometry: 'The stored geometry is not JSON.',
  },
  converted: {
    no_object: 'Said by a file without shapes.',
    rotated_as_polygon: 'The rotated box was written as a polygon of its four corners.',
    mask_as_polygon: 'The mask was written as the outlines of its pixels.',
    several_shapes: 'Each part became a shape of its own; they share a group_id.',
    holes_bridged: 'Holes were joined to the outline by a cut of no width.',
    attributes: 'Attributes other than flags that are true or false were left out.',
  },
  noted: {
    image_renamed: 'image renamed, because another one differs in the extension only or a name is too long',
  },
} as const;
type Tally = ExportTally<keyof typeof REASONS.dropped, keyof typeof REASONS.converted, keyof typeof REASONS.noted>;

interface Shape {
  readonly type: 'rectangle' | 'polygon' | 'linestrip' | 'circle';
  readonly points: readonly Point[];
}

/** Writes LabelMe: a JSON file beside each picture. */
export function writeLabelme(source: ExportSource): ExportRun {
  const classes = source.head.classes.filter(
    ({ task_type }) => source.head.task_types.includes(task_type) && task_type !== 'keypoint',
  );
  const tally: Tally = new ExportTally('labelme', classes, REASONS);
  return { files: files(source, classes, tally), pictures: () => pictures(source), report: () => tally.report() };
}

async function* pictures(source: ExportSource): AsyncGenerator<ExportedPicture> {
  const names = new ExportNames();
  for await (const batch of source.images()) {
    for (const { id, path } of batch) {
      const { stem, extension } = names.next(path);
      yield { image_id: id, path: stem + extension };
    }
  }
}

async function* files(
  source: ExportSource,
  classes: readonly ExportClass[],
  tally: Tally,
): AsyncGenerator<ExportedFile> {
  const names = new ExportNames();
  for await (const { image, rows } of imagesWithRows(source, ({ id }) => tally.dropped('unknown_image', id))) {
    const { stem, extension, renamed } = names.next(image.path);
    if (renamed) tally.noted('image_renamed', image.id);
    tally.imagesWritten(1);
    const text = imageJson(image, `${stem}${extension}`.split('/').at(-1) ?? '', rows, classes, tally);
    yield { path: `${stem}.json`, chunks: [text] };
  }
  tally.finish();
}

function imageJson(
  image: ExportImage,
  imagePath: string,
  rows: readonly ExportAnnotation[],
  classes: readonly ExportClass[],
  tally: Tally,
): string {
  const named = new Set<string>();
  const shapes: object[] = [];
  for (const row of rows) {
    const kind = row.annotation_type;
    if (kind === 'no_object') {
      tally.converted('no_object', row.id);
      tally.written(null);
      continue;
    }
    const label = classes.find(({ id }) => id === row.class_id)?.name;
    const geometry = geometryOfRow(row);
    if (kind === 'keypoints' || kind === 'text') tally.dropped(kind, row.id);
    else if (label === undefined) tally.dropped('unknown_class', row.id);
    else if (!geometry) tally.dropped('unreadable_geometry', row.id);
    else {
      tally.written(row.class_id);
      if (kind === 'classification') named.add(label);
      const made = shapesOf(geometry, row.id, image, tally);
      const group_id = made.length > 1 ? row.id : null;
      for (const { type, points } of made) {
        shapes.push({ label, points, group_id, description: '', shape_type: type, flags: flagsOf(row, tally) });
      }
    }
  }
  const { width: imageWidth, height: imageHeight } = image;
  // Not as keys of a plain object: a class may be called `__proto__`.
  const flags = Object.fromEntries([...named].map((name) => [name, true]));
  return `${JSON.stringify({ version: '5.5.0', flags, shapes, imagePath, imageData: null, imageHeight, imageWidth }, null, 2)}\n`;
}

function flagsOf({ id, attributes }: ExportAnnotation, tally: Tally): Record<string, boolean> {
  const entries = Object.entries(JSON.parse(attributes) as Record<string, unknown>);
  const flags = entries.filter((entry): entry is [string, boolean] => typeof entry[1] === 'boolean');
  if (flags.length < entries.length) tally.converted('attributes', id);
  return Object.fromEntries(flags);
}

function shapesOf(geometry: Geometry, id: number, image: ExportImage, tally: Tally): Shape[] {
  switch (geometry.type) {
    case 'bbox': {
      const [x, y, w, h] = geometry.bbox;
      return [{ type: 'rectangle', points: [[x, y], [x + w, y + h]] }]; // prettier-ignore
    }
    case 'rotated_bbox':
      tally.converted('rotated_as_polygon', id);
      return [{ type: 'polygon', points: rotatedBoxCorners(geometry) }];
    case 'polygon':
      return polygons(geometry.polygons, id, tally);
    case 'mask':
      tally.converted('mask_as_polygon', id);
      return polygons(maskRings(decodeRleCounts(geometry.counts) ?? new Uint32Array(), image), id, tally);
    case 'polyline':
      return [{ type: 'linestrip', points: geometry.points }];
    case 'circle': {
      const { center, radius } = geometry;
      return [{ type: 'circle', points: [center, [center[0] + radius, center[1]]] }];
    }
    case 'keypoints':
    case 'classification':
    case 'no_object':
    case 'text':
      return [];
  }
}

function polygons(parts: readonly PolygonPart[], id: number, tally: Tally): Shape[] {
  if (parts.length > 1) tally.converted('several_shapes', id);
  if (parts.some(([, holes]) => holes.length > 0)) tally.converted('holes_bridged', id);
  return parts.map((part): Shape => ({ type: 'polygon', points: bridgedRing(part) }));
}
