import { geometryBounds, type Box, type Geometry } from '@labelyard/domain';
import type {
  ExportAnnotation,
  ExportClass,
  ExportedFile,
  ExportedPicture,
  ExportImage,
  ExportRun,
  ExportSource,
  Split,
} from '../codec.js';
import { ExportNames } from '../export-names.js';
import { geometryOfRow, imagesWithRows } from '../image-rows.js';
import { writePng } from '../png/write-png.js';
import { xmlText } from '../reading/xml-elements.js';
import { splitOf } from '../splits.js';
import { MOST_INDEXES, VOC_COLORS } from './voc-colors.js';
import { VocLists } from './voc-lists.js';
import { eachPixel, pixelsOf } from './voc-masks.js';
import {
  openVocTally,
  UNSPECIFIED,
  VOC_ROOT,
  vocClasses,
  vocNames,
  type VocOptions,
  type VocTally,
} from './voc-options.js';

/**
 * Writes the folders of the Pascal VOC development kit: an XML file per image with boxes in whole pixels counted from 1, lists of
 * images per split and class, and by option palette PNGs of polygons and masks. Rules and reasons: README.md.
 *
 * Memory: the annotations of one image (with `masks` also its pixels), and the names of all images for the lists.
 */
export function writeVoc(source: ExportSource, options: VocOptions = {}): ExportRun {
  const classes = vocClasses(source.head);
  const tally = openVocTally(classes);
  return {
    files: files(source, classes, options, tally),
    pictures: () => pictures(source),
    report: () => tally.report(),
  };
}

/** Lists are split at white space by their readers. */
const newNames = () => new ExportNames((stem) => stem.replace(/\s/gu, '_'));

async function* pictures(source: ExportSource): AsyncGenerator<ExportedPicture> {
  const names = newNames();
  for await (const batch of source.images()) {
    for (const { id, path } of batch) {
      const { stem, extension } = names.next(path);
      yield { image_id: id, path: `${VOC_ROOT}/JPEGImages/${stem}${extension}` };
    }
  }
}

interface Written {
  readonly xml: string;
  /** Names of the classes of the image; `difficult` when all objects of a class are. */
  readonly found: ReadonlyMap<string, 'present' | 'difficult'>;
  readonly masks: readonly ObjectMask[];
}

interface ObjectMask {
  readonly name: string;
  readonly row: ExportAnnotation;
  readonly geometry: Geometry;
  /** Its place among the objects of the XML file, from 1: readers take the pixels of this value for it. */
  readonly number: number;
}

async function* files(
  source: ExportSource,
  classes: readonly ExportClass[],
  options: VocOptions,
  tally: VocTally,
): AsyncGenerator<ExportedFile> {
  const names = newNames();
  const classNames = vocNames(classes);
  const lists = new VocLists(classNames);
  for await (const { image, rows } of imagesWithRows(source, ({ id }) => tally.dropped('unknown_image', id))) {
    const { stem, extension, renamed } = names.next(image.path);
    if (renamed) tally.noted('image_renamed', image.id);
    if (extension !== '.jpg') tally.noted('image_not_jpeg', image.id);
    tally.imagesWritten(1);
    const written = imageXml(image, stem + extension, rows, { classes, options, tally });
    yield { path: `${VOC_ROOT}/Annotations/${stem}.xml`, chunks: [written.xml] };
    const split: Split = splitOf(image, options.shares);
    lists.add(stem, split, written.found, written.masks.length > 0);
    if (written.masks.length === 0) continue;
    const { byClass, byObject } = paint(image, written.masks, classNames, tally);
    yield { path: `${VOC_ROOT}/SegmentationClass/${stem}.png`, chunks: [writePng(byClass, image, VOC_COLORS)] };
    yield { path: `${VOC_ROOT}/SegmentationObject/${stem}.png`, chunks: [writePng(byObject, image, VOC_COLORS)] };
  }
  for (const [path, text] of lists.files(options.masks === true))
    yield { path: `${VOC_ROOT}/ImageSets/${path}`, chunks: [text] };
  // Readers that know only the twenty classes of the development kit learn ours from it.
  yield { path: `${VOC_ROOT}/labelmap.txt`, chunks: [labelmap(classNames)] };
  tally.finish();
}

interface Scope {
  readonly classes: readonly ExportClass[];
  readonly options: VocOptions;
  readonly tally: VocTally;
}

function imageXml(image: ExportImage, filename: string, rows: readonly ExportAnnotation[], scope: Scope): Written {
  const { classes, options, tally } = scope;
  const found = new Map<string, 'present' | 'difficult'>();
  const masks: ObjectMask[] = [];
  const tags: [string, ExportAnnotation][] = [];
  const objects: string[] = [];
  for (const row of rows) {
    const kind = row.annotation_type;
    if (kind === 'no_object') {
      tally.converted('no_object', row.id);
      tally.written(null);
      continue;
    }
    if (kind === 'keypoints' || kind === 'text') {
      tally.dropped(kind, row.id);
      continue;
    }
    const name = classes.find(({ id }) => id === row.class_id)?.name;
    const geometry = geometryOfRow(row);
    if (name === undefined || !geometry) {
      tally.dropped(name === undefined ? 'unknown_class' : 'unreadable_geometry', row.id);
      continue;
    }
    if (kind === 'classification') {
      tags.push([name, row]);
      continue;
    }
    const flags = flagsOf(row);
    const object = objectXml(row, name, geometry, flags, image, scope);
    if (!object) {
      tally.dropped('no_extent', row.id);
      continue;
    }
    objects.push(object);
    tally.written(row.class_id);
    if (flags.others) tally.converted('attributes', row.id);
    if (found.get(name) !== 'present') found.set(name, flags.difficult ? 'difficult' : 'present');
    if (options.masks && (kind === 'polygon' || kind === 'mask'))
      masks.push({ name, row, geometry, number: objects.length });
  }
  for (const [name, row] of tags) {
    if (found.has(name)) {
      tally.dropped('classification', row.id);
      continue;
    }
    tally.converted('classification', row.id);
    tally.written(row.class_id);
  }
  for (const [name] of tags) found.set(name, 'present');
  const folder = VOC_ROOT.split('/')[1] ?? '';
  const { width, height, channels = 3 } = image;
  const xml = [
    '<annotation>',
    `  <folder>${folder}</folder>`,
    `  <filename>${xmlText(filename)}</filename>`,
    `  <source><database>${xmlText('Labelyard')}</database><annotation>PASCAL VOC</annotation><image>${xmlText(image.path)}</image></source>`,
    `  <size><width>${width}</width><height>${height}</height><depth>${channels}</depth></size>`,
    `  <segmented>${masks.length > 0 ? 1 : 0}</segmented>`,
    ...objects,
    '</annotation>',
    '',
  ].join('\n');
  return { xml, found, masks };
}

interface Flags {
  readonly pose: string;
  readonly truncated: boolean;
  readonly difficult: boolean;
  readonly occluded: boolean;
  /** Whether there are attributes that do not come back as they are. */
  readonly others: boolean;
}

function flagsOf({ attributes }: ExportAnnotation): Flags {
  const { pose, truncated, difficult, occluded, ...others } = JSON.parse(attributes) as Record<string, unknown>;
  const isSet = (value: unknown) => value === true || value === 1 || value === '1' || value === 'true';
  const isPose = typeof pose === 'string' && pose.trim() !== '';
  return {
    pose: isPose ? pose : UNSPECIFIED,
    truncated: isSet(truncated),
    difficult: isSet(difficult),
    occluded: isSet(occluded),
    others:
      Object.keys(others).length > 0 ||
      (pose !== undefined && !(isPose && pose.trim() === pose && pose !== UNSPECIFIED)) ||
      [truncated, difficult, occluded].some((flag) => flag !== undefined && flag !== true),
  };
}

function objectXml(
  row: ExportAnnotation,
  name: string,
  geometry: Geometry,
  flags: Flags,
  image: ExportImage,
  { options, tally }: Scope,
): string | null {
  const bounds = geometryBounds(geometry);
  const corners = bounds && pixelCorners(bounds, image, options);
  if (!corners) return null;
  if (geometry.type === 'rotated_bbox') tally.converted('rotated_as_box', row.id);
  else if (
    geometry.type === 'polygon' ||
    geometry.type === 'mask' ||
    geometry.type === 'polyline' ||
    geometry.type === 'circle'
  ) {
    tally.converted(`${geometry.type}_as_box`, row.id);
  }
  if (bounds.some((value) => !Number.isInteger(value))) tally.converted('rounded', row.id);
  const [xmin, ymin, xmax, ymax] = corners;
  const box = `<xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax>`;
  return [
    '  <object>',
    `    <name>${xmlText(name)}</name>`,
    `    <pose>${xmlText(flags.pose)}</pose>`,
    `    <truncated>${flags.truncated ? 1 : 0}</truncated>`,
    ...(flags.occluded ? ['    <occluded>1</occluded>'] : []),
    `    <difficult>${flags.difficult ? 1 : 0}</difficult>`,
    `    <bndbox>${box}</bndbox>`,
    ...(options.rotated && geometry.type === 'rotated_bbox' ? [`    ${robndbox(geometry)}`] : []),
    '  </object>',
  ].join('\n');
}

/** As roLabelImg writes it: the angle in radians. */
function robndbox({ center: [cx, cy], size: [w, h], angle }: Extract<Geometry, { type: 'rotated_bbox' }>): string {
  const radians = (angle * Math.PI) / 180;
  return `<robndbox><cx>${cx}</cx><cy>${cy}</cy><w>${w}</w><h>${h}</h><angle>${radians}</angle></robndbox>`;
}

/** Whole pixels that the box touches at least half, first and last included, inside the image; never none. */
export function pixelCorners(
  [x, y, w, h]: Box,
  { width, height }: { readonly width: number; readonly height: number },
  { zero_based }: VocOptions,
): [number, number, number, number] | null {
  const across = firstAndLast(x, x + w, width);
  const down = firstAndLast(y, y + h, height);
  if (!across || !down) return null;
  // From 0, the far corner is the edge behind the last pixel: readers take the difference for the width.
  const first = zero_based ? 0 : 1;
  return [across[0] + first, down[0] + first, across[1], down[1]];
}

/** Index from 0 of the first pixel and the edge behind the last one. */
function firstAndLast(from: number, to: number, size: number): [number, number] | null {
  if (to < 0 || from > size) return null;
  const first = Math.min(Math.max(Math.round(from), 0), size - 1);
  return [first, Math.min(Math.max(Math.round(to), first + 1), size)];
}

function paint(image: ExportImage, masks: Written['masks'], names: readonly string[], tally: VocTally) {
  const byClass = new Uint8Array(image.width * image.height);
  const byObject = new Uint8Array(image.width * image.height);
  for (const { name, row, geometry, number } of masks) {
    const index = names.indexOf(name) + 1;
    const counts = pixelsOf(geometry, image);
    if (!counts || index > MOST_INDEXES || number > MOST_INDEXES) {
      tally.converted('mask_left_out', row.id);
      continue;
    }
    let overlaps = false;
    eachPixel(counts, image, (place) => {
      overlaps ||= byObject[place] !== 0;
      byClass[place] = index;
      byObject[place] = number;
    });
    if (overlaps) tally.converted('mask_overlap', row.id);
  }
  return { byClass, byObject };
}

/** `name:r,g,b::`, as other tools write and read it. */
function labelmap(names: readonly string[]): string {
  const rows = ['background', ...names.slice(0, MOST_INDEXES)].map((name, index) => {
    return `${name.replace(/[\r\n]/gu, ' ')}:${(VOC_COLORS[index] as readonly number[]).join()}::\n`;
  });
  return ['# label:color_rgb:parts:actions\n', ...rows].join('');
}
