import { decodeRleCounts, rleBounds, type Geometry, type Point, type RotatedBboxGeometry } from '@labelyard/domain';
import { bridgedRing } from '../bridged-ring.js';
import { rounded } from '../byte-writer.js';
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
import { pixelsInWindow, runLengths } from '../mask-window.js';
import { xmlText } from '../reading/xml-elements.js';
import { AttributeDeclarations, attributeText, splitAttributes } from './cvat-attributes.js';
import { cvatClasses, cvatLabels, isSkeleton, labelNames, skeletonSvg } from './cvat-labels.js';
import { openCvatTally, type CvatTally } from './cvat-report.js';

const CHUNK = 256 * 1024;

/**
 * Writes "CVAT for images 1.1": one `annotations.xml`, as CVAT itself uploads and downloads it; the pictures lie in `images/`. The
 * annotations are walked twice: `<meta>` must declare the attributes before the first shape.
 */
export function writeCvat(source: ExportSource): ExportRun {
  const classes = cvatClasses(source.head);
  const tally = openCvatTally(classes);
  async function* files(): AsyncGenerator<ExportedFile> {
    yield { path: 'annotations.xml', chunks: chunks(source, classes, tally) };
  }
  return { files: files(), pictures: () => pictures(source), report: () => tally.report() };
}

async function* pictures(source: ExportSource): AsyncGenerator<ExportedPicture> {
  for await (const batch of source.images()) {
    for (const { id, path } of batch) yield { image_id: id, path: `images/${path}` };
  }
}

interface Scope {
  readonly classes: ReadonlyMap<number, ExportClass>;
  /** Label name by class id. */
  readonly names: ReadonlyMap<number, string>;
  readonly declared: AttributeDeclarations;
  readonly tally: CvatTally;
  /** Groups are numbered through the whole file. */
  groups: number;
}

async function* chunks(
  source: ExportSource,
  classes: readonly ExportClass[],
  tally: CvatTally,
): AsyncGenerator<string> {
  const names = labelNames(classes);
  for (const { id, name } of classes) {
    const label = names.get(id) ?? '';
    if (label !== name)
      tally.note(`The skeleton "${name}" is called "${label}": a label has one kind.`, 'skeleton_renamed', {
        name,
        label,
      });
  }
  const declared = new AttributeDeclarations();
  for await (const batch of source.annotations()) {
    for (const row of batch) {
      const name = names.get(row.class_id ?? 0);
      if (row.attributes !== '{}' && name !== undefined) declared.add(name, row);
    }
  }
  const scope: Scope = { classes: new Map(classes.map((one) => [one.id, one])), names, declared, tally, groups: 0 };
  let text = metaXml(source.head, classes, declared);
  let index = 0;
  for await (const { image, rows } of imagesWithRows(source, ({ id }) => tally.dropped('unknown_image', id))) {
    if (image.split) tally.noted('image_split', image.id);
    tally.imagesWritten(1);
    text += imageXml(image, index++, rows, scope);
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  yield `${text}</annotations>\n`;
  tally.finish();
}

function metaXml(
  { project, date }: ExportSource['head'],
  classes: readonly ExportClass[],
  declared: AttributeDeclarations,
): string {
  const label = (name: string, type: string, color: string | null, more: string[]) =>
    [
      '        <label>',
      `          <name>${xmlText(name)}</name>`,
      ...(color === null ? [] : [`          <color>${xmlText(color)}</color>`]),
      `          <type>${type}</type>`,
      `          <attributes>\n${declared.xml(name, '            ')}          </attributes>`,
      ...more.map((line) => `          ${line}`),
      '        </label>',
    ].join('\n');
  const labels = cvatLabels(classes).flatMap((one) => [
    label(one.name, one.type, one.color, one.type === 'skeleton' ? [`<svg>${xmlText(skeletonSvg(one))}</svg>`] : []),
    ...one.points.map((point) => label(point, 'points', null, [`<parent>${xmlText(one.name)}</parent>`])),
  ]);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<annotations>',
    '  <version>1.1</version>',
    '  <meta>',
    '    <task>',
    `      <id>${project.id}</id>`,
    `      <name>${xmlText(project.name)}</name>`,
    '      <mode>annotation</mode>',
    '      <overlap>0</overlap>',
    '      <bugtracker></bugtracker>',
    ...(date === null ? [] : [`      <created>${xmlText(date)}</created>`]),
    '      <labels>',
    ...labels,
    '      </labels>',
    '    </task>',
    ...(date === null ? [] : [`    <dumped>${xmlText(date)}</dumped>`]),
    '  </meta>',
    '',
  ].join('\n');
}

function imageXml(image: ExportImage, index: number, rows: readonly ExportAnnotation[], scope: Scope): string {
  const { tally } = scope;
  const shapes: string[] = [];
  // Tags come behind the shapes, as CVAT writes them.
  const tags: string[] = [];
  for (const row of rows) {
    if (row.annotation_type === 'no_object') {
      tally.converted('no_object', row.id);
      tally.written(null);
    } else if (row.annotation_type === 'text') tally.dropped('text', row.id);
    else {
      const named = scope.classes.get(row.class_id ?? 0);
      const geometry = geometryOfRow(row);
      const xml = named && geometry ? shapesXml(row, geometry, named, image, scope) : null;
      if (!named) tally.dropped('unknown_class', row.id);
      else if (!geometry || xml === null) tally.dropped('unreadable_geometry', row.id);
      else if (xml === TOO_MANY) tally.dropped('wrong_keypoints', row.id);
      else {
        (row.annotation_type === 'classification' ? tags : shapes).push(xml);
        tally.written(row.class_id);
      }
    }
  }
  const { path, width, height } = image;
  const head = `  <image id="${index}" name="${xmlText(path)}" width="${width}" height="${height}">\n`;
  return `${head}${shapes.join('')}${tags.join('')}  </image>\n`;
}

/** Said instead of XML by a skeleton with more points than its class. */
const TOO_MANY = 'too many';

const SOURCES = { manual: 'manual', import: 'file', model: 'auto', platform: 'auto' } as const;

/** Null when the mask cannot be read. */
function shapesXml(
  row: ExportAnnotation,
  geometry: Geometry,
  named: ExportClass,
  image: ExportImage,
  scope: Scope,
): string | null {
  const label = scope.names.get(named.id) as string;
  const { occluded, z_order, others } = splitAttributes(row);
  const source = SOURCES[row.source ?? 'manual'];
  const shape = (tag: string, values: string, { group = 0, hidden = false, inside = '' } = {}) => {
    const head = `    <${tag} label="${xmlText(label)}" source="${source}"`;
    const flag = tag === 'tag' || tag === 'skeleton' ? '' : ` occluded="${hidden || occluded ? 1 : 0}"`;
    const order = tag === 'tag' ? '' : ` z_order="${z_order}"`;
    const grouped = group > 0 ? ` group_id="${group}"` : '';
    return `${head}${flag}${values}${order}${grouped}>\n${inside}${attributes}    </${tag}>\n`;
  };
  const attributes = others
    .map(([name, value]) => `      <attribute name="${xmlText(name)}">${xmlText(attributeText(value))}</attribute>\n`)
    .join('');
  if (others.some(([name, value]) => !scope.declared.keeps(label, name, value)))
    scope.tally.converted('attributes', row.id);
  switch (geometry.type) {
    case 'bbox': {
      const [x, y, w, h] = geometry.bbox;
      return shape('box', ` xtl="${x}" ytl="${y}" xbr="${rounded(x + w)}" ybr="${rounded(y + h)}"`);
    }
    case 'rotated_bbox':
      return shape('box', rotatedBox(geometry));
    case 'polygon': {
      const rings = geometry.polygons.map(bridgedRing);
      if (geometry.polygons.some(([, holes]) => holes.length > 0)) scope.tally.converted('holes_bridged', row.id);
      if (rings.length > 1) scope.tally.converted('several_shapes', row.id);
      const group = rings.length > 1 ? ++scope.groups : 0;
      return rings.map((ring) => shape('polygon', ` points="${pointsText(ring)}"`, { group })).join('');
    }
    case 'mask': {
      const values = maskValues(geometry.counts, image);
      return values && shape('mask', values);
    }
    case 'polyline':
      return shape('polyline', ` points="${pointsText(geometry.points)}"`);
    case 'circle': {
      const [[cx, cy], r] = [geometry.center, geometry.radius];
      return shape('ellipse', ` cx="${cx}" cy="${cy}" rx="${r}" ry="${r}"`);
    }
    case 'keypoints': {
      if (!isSkeleton(named)) {
        const present = geometry.points.filter(([, , v]) => v > 0);
        const hidden = present.every(([, , v]) => v === 1);
        if (present.length < geometry.points.length || (!hidden && present.some(([, , v]) => v === 1))) {
          scope.tally.converted('points_without_names', row.id);
        }
        return shape('points', ` points="${pointsText(present.map(([x, y]) => [x, y]))}"`, { hidden });
      }
      const names = named.keypoints ?? [];
      if (geometry.points.length > names.length) return TOO_MANY;
      if (geometry.points.length < names.length) scope.tally.converted('keypoints_padded', row.id);
      const elements = names.map((name, n) => {
        const [x, y, v] = geometry.points[n] ?? [0, 0, 0];
        const flags = `outside="${v === 0 ? 1 : 0}" occluded="${v === 1 ? 1 : 0}"`;
        return `      <points label="${xmlText(name)}" source="${source}" ${flags} points="${x},${y}">\n      </points>\n`;
      });
      return shape('skeleton', '', { inside: elements.join('') });
    }
    case 'classification':
      return shape('tag', '');
    case 'no_object':
    case 'text':
      return null;
  }
}

const pointsText = (points: readonly Point[]): string => points.map(([x, y]) => `${x},${y}`).join(';');

/** The box before it is turned about its centre, and degrees clockwise from 0 up. */
function rotatedBox({ center: [cx, cy], size: [w, h], angle }: RotatedBboxGeometry): string {
  const corners = [cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2].map(rounded);
  const turned = angle < 0 ? rounded(angle + 360) % 360 : angle;
  const [left, top, right, bottom] = corners as [number, number, number, number];
  return ` xtl="${left}" ytl="${top}" xbr="${right}" ybr="${bottom}" rotation="${turned}"`;
}

/** Pixels of the box around the mask, row by row, as lengths of runs. */
function maskValues(text: string, image: ExportImage): string | null {
  const counts = decodeRleCounts(text);
  const box = counts && rleBounds(counts, image.height);
  if (!box) return null;
  const [left, top, width, height] = box;
  const runs = runLengths(pixelsInWindow(counts, image, { left, top, width, height }));
  return ` rle="${runs.join(', ')}" left="${left}" top="${top}" width="${width}" height="${height}"`;
}
