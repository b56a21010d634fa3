import { importRun, polygonsOf, readingFile, type AnnotationDraft, type ImportDesk } from '../reading/import-desk.js';
import type {
  ImportedImage,
  ImportFile,
  ImportOptions,
  ImportPlace,
  ImportRecord,
  ImportRun,
} from '../reading/import-codec.js';
import { xmlElements, type XmlElement } from '../reading/xml-elements.js';
import { splitNamed } from '../splits.js';
import { attributeValue } from './cvat-attributes.js';
import { labelsOf, taskOfType, type CvatLabel } from './cvat-labels.js';
import { shapeOf } from './cvat-shapes.js';

/**
 * Reads "CVAT for images 1.1", one `<image>` at a time. Polygons of one label and group are parts of one shape, as CVAT itself takes
 * them. What only videos have (`<track>`) and cuboids are reported.
 */
export function readCvat(files: readonly ImportFile[], options: ImportOptions = {}): ImportRun {
  return importRun('cvat', options, async function* (desk) {
    const xmls = files.filter(({ path }) => /\.xml$/iu.test(path));
    if (xmls.length === 0) desk.issues.error('missing_file', { file: '' }, 'There is no .xml file');
    const classes = new Set<string>();
    for (const file of xmls) yield* readingFile(desk, file, () => readFile(desk, file, classes));
  });
}

interface Frame {
  readonly file: string;
  /** Null before `<meta>`. */
  labels: ReadonlyMap<string, CvatLabel> | null;
  inputs: ReadonlyMap<string, string>;
}

async function* readFile(desk: ImportDesk, file: ImportFile, classes: Set<string>): AsyncGenerator<ImportRecord> {
  const frame: Frame = { file: file.path, labels: null, inputs: new Map() };
  for await (const element of xmlElements(file, 'annotations', 1)) {
    const at = { file: file.path, line: element.line };
    if (element.name === 'meta') yield* readMeta(desk, element, frame, at, classes);
    else if (element.name === 'image') yield* readImage(desk, element, frame, at);
    else if (element.name === 'track')
      desk.issues.error('unsupported_shape', at, 'Tracks of videos have no place with us: export "CVAT for images"');
  }
}

function* readMeta(
  desk: ImportDesk,
  meta: XmlElement,
  frame: Frame,
  at: ImportPlace,
  classes: Set<string>,
): Generator<ImportRecord> {
  const { labels, inputs } = labelsOf(meta);
  frame.inputs = inputs;
  frame.labels = new Map(labels.map((label) => [label.name, label]));
  if (frame.labels.size < labels.length) desk.issues.error('duplicate_class', at, 'Two labels have the same name');
  for (const label of frame.labels.values()) {
    const name = desk.className(label.name, at);
    const task_type = taskOfType(label.type);
    // Tasks of one project declare the same labels.
    const key = JSON.stringify([name, task_type]);
    if (name === null || classes.has(key)) continue;
    classes.add(key);
    yield {
      kind: 'class',
      name,
      task_type,
      ...(label.color !== null && /^#[0-9a-f]{6}$/iu.test(label.color) && { color: label.color }),
      ...(label.points.length > 0 && { keypoints: label.points, skeleton: label.edges }),
    };
  }
}

async function* readImage(
  desk: ImportDesk,
  element: XmlElement,
  frame: Frame,
  at: ImportPlace,
): AsyncGenerator<ImportRecord> {
  const { name, width, height, subset } = element.attributes;
  const stated = {
    width: width === undefined ? undefined : Number(width),
    height: height === undefined ? undefined : Number(height),
  };
  const image = await desk.image(name, stated, at, subset === undefined ? null : splitNamed(subset));
  if (!image) return;
  yield image;
  const shapes = element.children.flatMap((one): Shape[] => {
    const place = { file: frame.file, line: one.line };
    const draft = draftOf(desk, one, image, frame, place);
    return draft ? [{ draft, at: place, group: one.attributes['group_id'] ?? NO_GROUP }] : [];
  });
  const whole = [...Map.groupBy(shapes, shapeKey).values()].map((parts) => joined(desk, parts));
  const members = Map.groupBy(whole, ({ group }) => group);
  for (const shape of whole) {
    // Parts that are all of their group say nothing by it any more.
    const isGroup = shape.parts > 1 && members.get(shape.group)?.length === 1;
    const record = desk.annotation(image, isGroup ? shape.draft : grouped(shape), shape.at);
    if (record) yield record;
  }
}

const NO_GROUP = '0';
/** Attributes of the drawing, not of what is drawn. */
const DRAWING: readonly string[] = ['occluded', 'z_order'];

interface Shape {
  readonly draft: AnnotationDraft;
  readonly at: ImportPlace;
  readonly group: string;
}

/** The same for polygons that are parts of one shape: of one group and label, with the same attributes. */
function shapeKey({ draft, group }: Shape): unknown {
  if (group === NO_GROUP || !polygonsOf(draft)) return draft;
  const own = Object.entries(draft.attributes ?? {}).filter(([name]) => !DRAWING.includes(name));
  return JSON.stringify([group, draft.class_name, own.sort()]);
}

/** Parts as one shape. Each may be hidden, lie or be made in another way: what the first one says counts. */
function joined(desk: ImportDesk, parts: readonly Shape[]): Shape & { readonly parts: number } {
  const [first, ...others] = parts as [Shape, ...Shape[]];
  for (const { draft, at } of others) {
    if (drawnHow(draft) !== drawnHow(first.draft))
      desk.issues.warn('left_out', at, 'Part of a shape whose first part has another order, source or occlusion');
  }
  if (others.length === 0) return { ...first, parts: 1 };
  const geometry = { type: 'polygon', polygons: parts.flatMap(({ draft }) => polygonsOf(draft) ?? []) };
  return { ...first, draft: { ...first.draft, geometry }, parts: parts.length };
}

const drawnHow = ({ attributes, origin }: AnnotationDraft): string =>
  JSON.stringify([origin, ...DRAWING.map((name) => attributes?.[name])]);

/** Which shapes belong together is kept as an attribute. */
function grouped({ draft, group }: Shape): AnnotationDraft {
  if (!/^[1-9]\d{0,9}$/u.test(group)) return draft;
  return { ...draft, attributes: { ...draft.attributes, group_id: Number(group) } };
}

function draftOf(
  desk: ImportDesk,
  element: XmlElement,
  image: ImportedImage,
  { labels, inputs }: Frame,
  at: ImportPlace,
): AnnotationDraft | null {
  const { label = '', source, occluded, z_order } = element.attributes;
  const shape = shapeOf(element, image, labels?.get(label));
  if (!shape) {
    desk.issues.error('unsupported_shape', at, `<${element.name}> is no shape that we know`);
    return null;
  }
  if ('code' in shape) {
    desk.issues.error(shape.code, at, shape.message);
    return null;
  }
  if (shape.remark) desk.issues.warn(shape.remark[0], at, shape.remark[1]);
  if (labels && label !== '' && !labels.has(label)) {
    desk.issues.warn('unknown_class', at, `<meta> declares no label "${label.slice(0, 100)}"`);
  }
  const given = element.children
    .filter(({ name }) => name === 'attribute')
    .map(({ attributes: { name = '' }, text }) => [name, attributeValue(text, label, name, inputs)] as const)
    .filter(([name]) => name !== '');
  // Points say it by their visibility.
  const isHidden = occluded === '1' && element.name !== 'points';
  const order = z_order !== undefined && /^-?[1-9]\d{0,9}$/u.test(z_order) ? Number(z_order) : 0;
  return {
    ...shape.draft,
    class_name: label,
    attributes: {
      ...Object.fromEntries(given),
      ...(isHidden && { occluded: true }),
      ...(order !== 0 && { z_order: order }),
    },
    ...((source === 'auto' || source === 'semi-auto') && { origin: { source: 'model' } }),
  };
}
