import {
  normaliseAngle,
  type BboxGeometry,
  type ImageSize,
  type KeypointsGeometry,
  type Point,
} from '@labelyard/domain';
import { areAlike } from '../boxes-alike.js';
import { keypointBox } from '../keypoint-box.js';
import { fromFile, importRun, type ImportDesk } from '../reading/import-desk.js';
import { readText } from '../reading/file-text.js';
import type { ImportedImage, ImportFile, ImportOptions, ImportRecord, ImportRun } from '../reading/import-codec.js';
import type { ImportIssueCode } from '../reading/import-issues.js';
import { pointsOf } from '../reading/record-fields.js';
import { pictureOf } from './label-image.js';
import { isClassList, namesIn } from './class-list.js';
import { labelFiles, picturesByPlace, placeKey, placeOf, placeOfPicture } from './label-place.js';
import { readClassFolders } from './read-class-folders.js';
import { isYaml, keypointNames, readYoloYaml, type YoloHead } from './read-yaml.js';
import { readRenamed } from './renamed-images.js';
import { SplitLists, splitListsOf } from './split-lists.js';
import { yoloLines, type YoloLine } from './yolo-line.js';
import type { YoloKind } from './yolo-options.js';

export interface YoloImportOptions {
  /** What the rows are; found out from data.yaml and the rows when left out. */
  readonly kind?: YoloKind;
}

/**
 * Reads a YOLO dataset: `labels/<split>/….txt` or `<split>/labels/….txt` beside a YAML with the names, or `labels/….txt` and lists of
 * the pictures of each split. The picture of a label file is looked for among the files, then in the dataset. A dataset for classification has no
 * labels: its folders say the class.
 */
export function readYolo(files: readonly ImportFile[], options: ImportOptions & YoloImportOptions = {}): ImportRun {
  return importRun('yolo', options, async function* (desk) {
    const yamls = files.filter(isYaml);
    const texts = await labelFiles(files);
    if (options.kind === 'classify' || (yamls.length === 0 && texts.length === 0)) {
      yield* readClassFolders(desk, files);
      return;
    }
    const head = await readHead(desk, yamls, files, texts);
    const lists = splitListsOf(head, files);
    const labels = texts.filter((file) => !lists.has(file));
    const listed = await SplitLists.read(desk, lists);
    const { names } = head;
    const kind = options.kind ?? head.kind ?? (await kindOfRows(desk, head, labels));
    yield* classRecords(desk, head, kind, yamls[0]?.path ?? '');
    const keypoints = names.map((_, index) => keypointNames(head, index)?.length ?? 0);
    const placed = { pictures: picturesByPlace(files), renamed: await readRenamed(desk, files) };
    const seen = new Set<string>();
    for (const file of labels) {
      const { stem, split } = placeOf(file.path);
      const path = await pictureOf(desk, file, placed);
      const image = path && (await desk.image(path, null, { file: file.path }, split ?? listed.of(stem)));
      if (!image) continue;
      seen.add(image.path);
      yield image;
      const text = await fromFile(desk, file, () => readText(file));
      if (text !== null)
        yield* readRows(desk, text, {
          file: file.path,
          image,
          names,
          kind,
          keypoints,
          dimensions: head.kpt_shape?.[1] ?? null,
        });
    }
    yield* backgrounds(desk, placed.pictures, { labels, listed, seen });
  });
}

/** Pictures of a dataset without a label file have no objects; they are in a split all the same. */
async function* backgrounds(
  desk: ImportDesk,
  pictures: ReadonlyMap<string, readonly string[]>,
  rest: { readonly labels: readonly ImportFile[]; readonly listed: SplitLists; readonly seen: ReadonlySet<string> },
): AsyncGenerator<ImportRecord> {
  const { findImage } = desk.options;
  const labeled = new Set(rest.labels.map(({ path }) => placeKey(placeOf(path))));
  for (const [key, paths] of pictures) {
    if (labeled.has(key)) continue;
    for (const path of paths) {
      const { stem, split } = placeOfPicture(path);
      const chosen = split ?? rest.listed.of(stem);
      const known = chosen && (await findImage?.(path));
      if (!known || rest.seen.has(known.path)) continue;
      const image = await desk.image(path, null, { file: path }, chosen);
      if (image) yield image;
    }
  }
}

async function readHead(
  desk: ImportDesk,
  yamls: readonly ImportFile[],
  files: readonly ImportFile[],
  labels: readonly ImportFile[],
): Promise<YoloHead> {
  const none: YoloHead = { fields: {}, names: [], kind: null, kpt_shape: null };
  if (yamls.length > 1)
    desk.issues.warn('wrong_format', { file: yamls[1]?.path ?? '' }, 'A second YAML file was not read');
  if (yamls[0]) {
    const [file] = yamls;
    return (await fromFile(desk, file, () => readYoloYaml(file))) ?? none;
  }
  const list = files.find((file) => isClassList(file) && !labels.includes(file));
  const text = list && (await fromFile(desk, list, () => readText(list)));
  // An empty line is a class without a name: those behind it keep their numbers.
  if (text) return { ...none, names: namesIn(text) };
  desk.issues.error(
    'missing_file',
    { file: 'data.yaml' },
    'Neither a YAML with names nor classes.txt is there: no class is known',
  );
  return none;
}

function* classRecords(desk: ImportDesk, head: YoloHead, kind: YoloKind, file: string): Generator<ImportRecord> {
  const seen = new Set<string>();
  for (const [index, given] of head.names.entries()) {
    const at = { file, path: `names.${index}` };
    const name = desk.className(given, at);
    if (name === null) continue;
    if (seen.has(name)) {
      desk.issues.warn('duplicate_class', at, `Two classes are named "${name}": they become one`);
      continue;
    }
    seen.add(name);
    const keypoints = kind === 'pose' && (keypointNames(head, index) ?? numberedKeypoints(head));
    yield { kind: 'class', name, task_type: TASKS[kind], ...(keypoints && { keypoints }) };
  }
}

/** A file without names tells how many there are: a class that did not know could not be written as YOLO again. */
function numberedKeypoints({ kpt_shape }: YoloHead): string[] | null {
  return kpt_shape && Array.from({ length: kpt_shape[0] }, (_, n) => String(n + 1));
}

const TASKS = {
  detect: 'detection',
  obb: 'detection',
  segment: 'segmentation',
  pose: 'keypoint',
  classify: 'classification',
} as const;

const SAMPLE = 200;

/** Looks at the rows of the first files: four numbers are boxes; eight in every row rotated boxes, nine with a confidence; else polygons. */
async function kindOfRows(desk: ImportDesk, { kpt_shape }: YoloHead, labels: readonly ImportFile[]): Promise<YoloKind> {
  if (kpt_shape) return 'pose';
  let boxes = 0;
  let corners = 0;
  let others = 0;
  for (const file of labels.slice(0, SAMPLE)) {
    // What cannot be read is said when the file's turn comes.
    const text = await readText(file).catch(() => '');
    for (const line of yoloLines(text, file.path)) {
      if ('code' in line) continue;
      const count = line.numbers.length;
      if (count <= 5) boxes++;
      else if (count === 8 || count === 9) corners++;
      else others++;
    }
  }
  if (others > 0 || (boxes > 0 && corners > 0)) return 'segment';
  if (corners === 0) return 'detect';
  desk.issues.warn(
    'changed_kind',
    { file: labels[0]?.path ?? '' },
    'Every row has eight numbers: they were taken for rotated boxes',
  );
  return 'obb';
}

interface RowScope {
  readonly file: string;
  readonly image: ImportedImage;
  readonly names: readonly string[];
  readonly kind: YoloKind;
  readonly dimensions: number | null;
  /** How many keypoints each class has, 0 when the file does not say. */
  readonly keypoints: readonly number[];
}

function* readRows(desk: ImportDesk, text: string, scope: RowScope): Generator<ImportRecord> {
  let first: number | null = null;
  for (const line of yoloLines(text, scope.file)) {
    if ('code' in line) {
      if (line.code === 'duplicate_annotation') desk.issues.warn(line.code, line.at, line.message);
      else desk.issues.error(line.code, line.at, line.message);
      continue;
    }
    const class_name = scope.names[line.class_index];
    if (class_name === undefined) {
      const known = `there are ${scope.names.length}, from 0`;
      desk.issues.error('unknown_class', line.at, `No class has the number ${line.class_index}: ${known}`);
      continue;
    }
    const isBox = line.numbers.length <= 5;
    if (scope.kind !== 'pose' && first !== null && first <= 5 !== isBox) {
      desk.issues.warn('mixed_kinds', line.at, 'Boxes and polygons in one file: trainers read all of it as polygons');
    }
    first ??= line.numbers.length;
    const shape = shapeOf(line, scope);
    if (typeof shape === 'string') {
      desk.issues.error('bad_geometry', line.at, shape);
      continue;
    }
    const { remark, ...draft } = shape;
    if (remark) desk.issues.warn(remark[0], line.at, remark[1]);
    const record = desk.annotation(scope.image, { ...draft, class_name }, line.at);
    if (record) yield record;
  }
}

interface Shape {
  readonly geometry: unknown;
  readonly confidence?: number | undefined;
  readonly remark?: readonly [code: ImportIssueCode, message: string];
}

function shapeOf({ numbers, class_index }: YoloLine, scope: RowScope): Shape | string {
  const { kind, image } = scope;
  if (kind === 'pose') return poseOf(numbers, image, scope.dimensions, scope.keypoints[class_index] ?? 0);
  if (numbers.length === 4 || numbers.length === 5) {
    return { geometry: boxOf(numbers, image), ...(numbers.length === 5 && { confidence: numbers[4] }) };
  }
  if (numbers.length < 6)
    return `A row has the class and 4 numbers of a box, or 6 and more of a polygon; this one has ${numbers.length}`;
  const points = pointsOf(numbers).map(([x, y]): Point => [x * image.width, y * image.height]);
  if (kind === 'obb' && points.length === 4) return { ...rotatedBoxOf(points), confidence: numbers[8] };
  if (numbers.length % 2) return 'A polygon has pairs of numbers: x y x y …';
  return { geometry: { type: 'polygon', polygons: [[points, []]] } };
}

function boxOf(numbers: readonly number[], { width, height }: ImageSize): BboxGeometry {
  const [cx, cy, w, h] = numbers as [number, number, number, number];
  return { type: 'bbox', bbox: [(cx - w / 2) * width, (cy - h / 2) * height, w * width, h * height] };
}

/** The rotated box nearest to four corners. Trainers do the same. */
function rotatedBoxOf(corners: readonly Point[]): Shape {
  const [a, b, c, d] = corners as [Point, Point, Point, Point];
  const center = [(a[0] + b[0] + c[0] + d[0]) / 4, (a[1] + b[1] + c[1] + d[1]) / 4];
  const along: Point = [(b[0] - a[0] + c[0] - d[0]) / 2, (b[1] - a[1] + c[1] - d[1]) / 2];
  const across: Point = [(d[0] - a[0] + c[0] - b[0]) / 2, (d[1] - a[1] + c[1] - b[1]) / 2];
  const size = [Math.hypot(...along), Math.hypot(...across)];
  const angle = normaliseAngle((Math.atan2(along[1], along[0]) * 180) / Math.PI);
  const geometry = { type: 'rotated_bbox', center, size, angle };
  const off = Math.hypot(a[0] + c[0] - b[0] - d[0], a[1] + c[1] - b[1] - d[1]);
  const skew = Math.abs(along[0] * across[0] + along[1] * across[1]) / Math.max(size[0]! * size[1]!, 1e-9);
  return off > 2 || skew > 0.05
    ? { geometry, remark: ['changed_kind', 'The four corners are no rectangle: the nearest one was taken'] }
    : { geometry };
}

function poseOf(numbers: readonly number[], image: ImageSize, dimensions: number | null, own: number): Shape | string {
  const rest = numbers.slice(4);
  const step = dimensions ?? (rest.length % 3 === 0 ? 3 : 2);
  if (numbers.length < 4 + step || rest.length % step) {
    return `A row has a box and ${step} numbers per keypoint; this one has ${numbers.length} numbers`;
  }
  const box = boxOf(numbers, image);
  const points = Array.from({ length: rest.length / step }, (_, n): KeypointsGeometry['points'][number] => {
    const [x, y, v] = rest.slice(n * step, n * step + step) as [number, number, (0 | 1 | 2)?];
    const visible = v ?? (x === 0 && y === 0 ? 0 : 2);
    return visible === 0 ? [0, 0, 0] : [x * image.width, y * image.height, visible];
  });
  if (points.some(([, , v]) => v !== 0)) {
    const filled = own > 0 && points.slice(own).every(([, , v]) => v === 0);
    const geometry: KeypointsGeometry = { type: 'keypoints', points: filled ? points.slice(0, own) : points };
    const around = keypointBox(geometry, image);
    return around && areAlike(around, box.bbox, 1)
      ? { geometry }
      : {
          geometry,
          remark: [
            'left_out',
            'The keypoints were taken; the box beside them, which is not the one around them, was not',
          ],
        };
  }
  return { geometry: box, remark: ['changed_kind', 'No keypoint of the row is labeled: its box was taken'] };
}
