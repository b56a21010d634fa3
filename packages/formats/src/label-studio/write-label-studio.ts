import {
  decodeRleCounts,
  rotatedBoxCorners,
  type Geometry,
  type ImageSize,
  type KeypointsGeometry,
  type Point,
} from '@labelyard/domain';
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
import { geometryOfRow, imagesWithRows } from '../image-rows.js';
import { keypointBox } from '../keypoint-box.js';
import { brushOfMask } from './brush-rle.js';
import { openLabelStudioTally, type LabelStudioTally } from './label-studio-report.js';
import { answerText, HIDDEN, IMAGE_TAG, MOST_NUMBERED, TAGS, textTag } from './label-studio-tags.js';
import { percentDigits, percentOf, percentPoint } from './percent.js';
import { configXml } from './write-config.js';

export interface LabelStudioOptions {
  /**
   * What stands before the path of a picture, so that Label Studio finds it: the address of a server or bucket. Left out, pictures are
   * local files of its machine: the unpacked export as `LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT`.
   */
  readonly image_root?: string;
}

const CHUNK = 256 * 1024;
const LOCAL_FILES = '/data/local-files/?d=images/';

/** Writes Label Studio: `tasks.json`, one task per line, and `label_config.xml`, the configuration of a project that shows them. */
export function writeLabelStudio(source: ExportSource, options: LabelStudioOptions = {}): ExportRun {
  const classes = source.head.classes.filter(({ task_type }) => source.head.task_types.includes(task_type));
  const scope: Scope = {
    classes: new Map(classes.map((one) => [one.id, one])),
    task: source.head.task_types[0] ?? 'detection',
    root: options.image_root ?? LOCAL_FILES,
    tally: openLabelStudioTally(classes),
    texts: new Set(),
    no_object: false,
    points: 0,
  };
  async function* files(): AsyncGenerator<ExportedFile> {
    yield { path: 'tasks.json', chunks: tasks(source, scope) };
    // Behind the tasks, which say what languages there are.
    yield { path: 'label_config.xml', chunks: config(classes, scope) };
  }
  return { files: files(), pictures: () => pictures(source), report: () => scope.tally.report() };
}

async function* pictures(source: ExportSource): AsyncGenerator<ExportedPicture> {
  for await (const batch of source.images()) {
    for (const { id, path } of batch) yield { image_id: id, path: `images/${path}` };
  }
}

interface Scope {
  readonly classes: ReadonlyMap<number, ExportClass>;
  /** Of a "no object" that does not say it. */
  readonly task: string;
  readonly root: string;
  readonly tally: LabelStudioTally;
  readonly texts: Set<string>;
  no_object: boolean;
  points: number;
}

async function* tasks(source: ExportSource, scope: Scope): AsyncGenerator<string> {
  let text = '[';
  let separator = '\n';
  for await (const { image, rows } of imagesWithRows(source, ({ id }) => scope.tally.dropped('unknown_image', id))) {
    text += separator + taskJson(image, rows, scope);
    separator = ',\n';
    scope.tally.imagesWritten(1);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield `${text}\n]\n`;
}

async function* config(classes: readonly ExportClass[], scope: Scope): AsyncGenerator<string> {
  yield configXml(classes, scope);
  scope.tally.finish();
}

function taskJson(image: ExportImage, rows: readonly ExportAnnotation[], scope: Scope): string {
  const { id, path, width, height, split } = image;
  const results: object[] = [];
  const texts: TextRow[] = [];
  for (const row of rows) {
    const geometry = geometryOfRow(row);
    const named = scope.classes.get(row.class_id ?? 0);
    if (!geometry) scope.tally.dropped('unreadable_geometry', row.id);
    else if (geometry.type === 'text') {
      if (row.attributes !== '{}') scope.tally.converted('attributes', row.id);
      const { question, text } = geometry;
      const from_name = textTag(geometry);
      scope.texts.add(from_name);
      texts.push({ row, from_name, text: question === undefined ? text : answerText(question, text) });
      scope.tally.written(null);
    } else if (geometry.type === 'no_object') {
      scope.no_object = true;
      results.push(whole(row, TAGS.no_object, 'choices', { choices: [row.task_type ?? scope.task] }));
      scope.tally.written(null);
    } else if (!named) scope.tally.dropped('unknown_class', row.id);
    else {
      const made = resultsOf(row, geometry, named, image, scope);
      if (typeof made === 'string') scope.tally.dropped(made, row.id);
      else {
        for (const one of made) results.push(one);
        scope.tally.written(row.class_id);
      }
    }
  }
  for (const group of Map.groupBy(texts, ({ from_name }) => from_name).values()) {
    results.push(textResult(group, scope.tally));
  }
  const url = scope.root + path.toWellFormed().split('/').map(encodeURIComponent).join('/');
  return JSON.stringify({
    id,
    data: { image: url, width, height, ...(split && { split }) },
    annotations: rows.length === 0 ? [] : [{ id, was_cancelled: false, ground_truth: false, result: results }],
    predictions: [],
  });
}

interface TextRow {
  readonly row: ExportAnnotation;
  readonly from_name: string;
  readonly text: string;
}

/** Label Studio shows one result per control: texts of one kind and language share it, and what it says of their origin. */
function textResult(texts: readonly TextRow[], tally: LabelStudioTally): object {
  const [{ row: first, from_name }] = texts as [TextRow];
  const agree = new Set(texts.map(({ row }) => JSON.stringify(originOf(row)))).size === 1;
  for (const { row } of agree ? [] : texts) {
    if (hasOrigin(row)) tally.converted('text_origin', row.id);
  }
  return {
    id: `${first.id}_${from_name}`,
    from_name,
    to_name: IMAGE_TAG,
    type: 'textarea',
    ...(agree && hasOrigin(first) && originOf(first)),
    value: { text: texts.map(({ text }) => text) },
  };
}

const hasOrigin = ({ source, confidence }: ExportAnnotation): boolean =>
  source === 'model' || typeof confidence === 'number';

const originOf = ({ source, confidence }: ExportAnnotation) => ({
  origin: source === 'model' ? 'prediction' : 'manual',
  ...(typeof confidence === 'number' && { score: confidence }),
});

/** A statement about the image, with what every result says. */
function whole(row: ExportAnnotation, from_name: string, type: string, value: object) {
  return {
    id: String(row.id),
    from_name,
    to_name: IMAGE_TAG,
    type,
    ...originOf(row),
    ...(row.attributes !== '{}' && { meta: { text: [row.attributes] } }),
    value,
  };
}

function region(row: ExportAnnotation, { width, height }: ImageSize, from_name: string, type: string, value: object) {
  const { value: said, ...head } = whole(row, from_name, type, value);
  return { ...head, original_width: width, original_height: height, image_rotation: 0, value: said };
}

type Dropped = 'unreadable_geometry' | 'wrong_keypoints';

function resultsOf(
  row: ExportAnnotation,
  geometry: Exclude<Geometry, { type: 'text' | 'no_object' }>,
  named: ExportClass,
  image: ExportImage,
  scope: Scope,
): object[] | Dropped {
  const { tally } = scope;
  const { width, height } = image;
  const labels = [named.name];
  switch (geometry.type) {
    case 'bbox': {
      const [x, y, w, h] = geometry.bbox;
      return [
        region(row, image, TAGS.detection, 'rectanglelabels', {
          ...rectangle([x, y], w, h, image),
          rectanglelabels: labels,
        }),
      ];
    }
    case 'rotated_bbox': {
      const { size, angle } = geometry;
      // The corner as it lies after the turn about itself.
      const [corner] = rotatedBoxCorners(geometry) as [Point];
      const rotation = angle < 0 ? percentDigits(angle + 360) % 360 : angle;
      if (rotation === 0) tally.converted('rotated_upright', row.id);
      return [
        region(row, image, TAGS.detection, 'rectanglelabels', {
          ...rectangle(corner, ...size, image),
          rotation,
          rectanglelabels: labels,
        }),
      ];
    }
    case 'polygon': {
      if (geometry.polygons.some(([, holes]) => holes.length > 0)) tally.converted('holes_bridged', row.id);
      if (geometry.polygons.length > 1) tally.converted('several_shapes', row.id);
      return geometry.polygons.map((part, n) => {
        const points = bridgedRing(part).map((point) => percentPoint(point, image));
        const made = region(row, image, TAGS.polygon, 'polygonlabels', { points, closed: true, polygonlabels: labels });
        return geometry.polygons.length > 1 ? { ...made, id: `${row.id}_part${n + 1}` } : made;
      });
    }
    case 'mask': {
      const counts = decodeRleCounts(geometry.counts);
      const rle = counts && brushOfMask(counts, image);
      if (!rle) return 'unreadable_geometry';
      return [region(row, image, TAGS.mask, 'brushlabels', { format: 'rle', rle, brushlabels: labels })];
    }
    case 'polyline': {
      const vertices = geometry.points.map((point, n) => {
        const [x, y] = percentPoint(point, image);
        const before = n > 0 ? { prevPointId: `${row.id}_vertex${n}` } : {};
        return { id: `${row.id}_vertex${n + 1}`, x, y, ...before, isBezier: false };
      });
      return [region(row, image, TAGS.polyline, 'vectorlabels', { vertices, closed: false, vectorlabels: labels })];
    }
    case 'circle': {
      const [x, y] = percentPoint(geometry.center, image);
      const radii = { radiusX: percentOf(geometry.radius, width), radiusY: percentOf(geometry.radius, height) };
      return [region(row, image, TAGS.circle, 'ellipselabels', { x, y, ...radii, rotation: 0, ellipselabels: labels })];
    }
    case 'keypoints': {
      const names = named.keypoints?.length ? named.keypoints : geometry.points.map((_, n) => String(n + 1));
      const box = keypointBox(geometry, image);
      if (!box || geometry.points.length > names.length) return 'wrong_keypoints';
      if (!named.keypoints?.length) {
        scope.points = Math.max(scope.points, names.length);
        if (!numbersTell(geometry)) tally.converted('points_without_names', row.id);
      }
      const [left, top, w, h] = box;
      const frame = { ...rectangle([left, top], w, h, image), rectanglelabels: labels };
      const bare = { ...row, attributes: '{}' };
      const points = geometry.points.flatMap(([px, py, v], n) => {
        if (v === 0) return [];
        const [x, y] = percentPoint([px, py], image);
        const id = `${row.id}_point${n + 1}`;
        const value = { x, y, width: POINT_SIZE, keypointlabels: [names[n]] };
        const point = { ...region(bare, image, TAGS.point, 'keypointlabels', value), id, parentID: String(row.id) };
        const hidden = {
          id,
          from_name: TAGS.visibility,
          to_name: IMAGE_TAG,
          type: 'choices',
          value: { choices: [HIDDEN] },
        };
        return v === 1 ? [point, hidden] : [point];
      });
      return [region(row, image, TAGS.keypoint, 'rectanglelabels', frame), ...points];
    }
    case 'classification':
      return [whole(row, TAGS.classification, 'choices', { choices: labels })];
  }
}

/** Whether the numbers of the points that are there say where the absent ones belong. */
function numbersTell({ points }: KeypointsGeometry): boolean {
  return points.every(([, , v]) => v > 0) || (points.length <= MOST_NUMBERED && points.at(-1)?.[2] !== 0);
}

/** Percent of the image's width, as Label Studio draws a point. */
const POINT_SIZE = 0.5;

function rectangle([x, y]: Point, w: number, h: number, { width, height }: ImageSize) {
  return {
    x: percentOf(x, width),
    y: percentOf(y, height),
    width: percentOf(w, width),
    height: percentOf(h, height),
    rotation: 0,
  };
}
