import type { TaskType } from '@labelyard/domain';
import type { ExportClass, ExportHead } from '../codec.js';
import { childText, xmlText, type XmlElement } from '../reading/xml-elements.js';

/** A label as `<meta>` declares it. Names are unique there, so classes of several tasks may share one. */
export interface CvatLabel {
  readonly name: string;
  readonly type: string;
  readonly color: string | null;
  /** Names of the points of a skeleton, in order. */
  readonly points: readonly string[];
  /** Pairs of 0-based indexes into `points`. */
  readonly edges: readonly (readonly [number, number])[];
}

const TASK_OF_TYPE: Readonly<Record<string, TaskType>> = {
  rectangle: 'detection',
  bbox: 'detection',
  polygon: 'segmentation',
  mask: 'segmentation',
  polyline: 'geometry',
  ellipse: 'geometry',
  points: 'keypoint',
  skeleton: 'keypoint',
  tag: 'classification',
};

/** Null when the type leaves it open. */
export function taskOfType(type: string): TaskType | null {
  return TASK_OF_TYPE[type] ?? null;
}

export const isSkeleton = ({ task_type, keypoints }: ExportClass): boolean =>
  task_type === 'keypoint' && (keypoints?.length ?? 0) > 0;

/** Classes that CVAT can hold. */
export function cvatClasses({ classes, task_types }: ExportHead): ExportClass[] {
  return classes.filter(({ task_type }) => task_types.includes(task_type) && task_type !== 'captioning');
}

/**
 * Label names by class id. A skeleton cannot share its label with other shapes: when the name is taken, it is told apart by its task.
 */
export function labelNames(classes: readonly ExportClass[]): Map<number, string> {
  const others = new Set(classes.filter((one) => !isSkeleton(one)).map(({ name }) => name));
  const taken = new Set(others);
  return new Map(
    classes.map((one) => {
      if (!isSkeleton(one)) return [one.id, one.name];
      let name = one.name;
      for (let n = 1; taken.has(name); n++) name = `${one.name} (keypoint${n > 1 ? ` ${n}` : ''})`;
      taken.add(name);
      return [one.id, name];
    }),
  );
}

function typeOf(classes: readonly ExportClass[]): string {
  const [first, ...rest] = new Set(classes.map(({ task_type }) => task_type));
  if (rest.length > 0) return 'any';
  if (first === 'detection') return 'rectangle';
  if (first === 'classification') return 'tag';
  if (first === 'keypoint') return isSkeleton(classes[0] as ExportClass) ? 'skeleton' : 'points';
  return 'any';
}

/** Labels of the file in project order. */
export function cvatLabels(classes: readonly ExportClass[]): CvatLabel[] {
  const names = labelNames(classes);
  const byName = Map.groupBy(classes, ({ id }) => names.get(id) as string);
  return [...byName].map(([name, sharing]) => {
    const [first] = sharing as [ExportClass];
    const skeleton = isSkeleton(first);
    return {
      name,
      type: typeOf(sharing),
      color: first.color ?? null,
      points: skeleton ? (first.keypoints ?? []) : [],
      edges: skeleton ? (first.skeleton ?? []) : [],
    };
  });
}

const DIGITS = 100;

/** The drawing that CVAT shows of a skeleton: its points on a circle, joined by its edges. */
export function skeletonSvg({ points, edges }: CvatLabel): string {
  const places = points.map((_, n) => {
    const angle = (2 * Math.PI * n) / points.length;
    return [50 + 40 * Math.sin(angle), 50 - 40 * Math.cos(angle)].map((value) => Math.round(value * DIGITS) / DIGITS);
  }) as [number, number][];
  const lines = edges.flatMap(([from, to]) => {
    const [a, b] = [places[from], places[to]];
    if (!a || !b) return [];
    const ends = `x1="${a[0]}" y1="${a[1]}" x2="${b[0]}" y2="${b[1]}"`;
    const nodes = `data-node-from="${from + 1}" data-node-to="${to + 1}"`;
    return [`<line ${ends} stroke="black" data-type="edge" ${nodes} stroke-width="0.5"></line>`];
  });
  const circles = points.map((name, n) => {
    const [x, y] = places[n] as [number, number];
    const ids = `data-element-id="${n + 1}" data-node-id="${n + 1}" data-label-name="${xmlText(name)}"`;
    return `<circle r="1.5" stroke="black" fill="#b3b3b3" cx="${x}" cy="${y}" stroke-width="0.1" data-type="element node" ${ids}></circle>`;
  });
  return [...lines, ...circles].join('');
}

/** Labels that a `<meta>` declares, wherever they stand in it; attributes of a label by their name. */
export function labelsOf(meta: XmlElement): { readonly labels: CvatLabel[]; readonly inputs: Map<string, string> } {
  const found: XmlElement[] = [];
  const collect = (element: XmlElement): void => {
    if (element.name === 'label') found.push(element);
    else for (const one of element.children) collect(one);
  };
  collect(meta);
  const inputs = new Map<string, string>();
  const points = new Map<string, string[]>();
  for (const label of found) {
    const parent = childText(label, 'parent');
    const name = childText(label, 'name');
    if (name === undefined) continue;
    if (parent !== undefined) {
      const siblings = points.get(parent) ?? [];
      points.set(parent, siblings);
      siblings.push(name);
    }
    for (const attribute of label.children.find((one) => one.name === 'attributes')?.children ?? []) {
      const [key, input] = [childText(attribute, 'name'), childText(attribute, 'input_type')];
      if (key !== undefined && input !== undefined) inputs.set(inputKey(name, key), input);
    }
  }
  const labels = found.flatMap((label): CvatLabel[] => {
    const name = childText(label, 'name');
    if (name === undefined || childText(label, 'parent') !== undefined) return [];
    const names = points.get(name) ?? [];
    return [
      {
        name,
        type: childText(label, 'type') ?? 'any',
        color: childText(label, 'color') ?? null,
        points: names,
        edges: edgesOf(childText(label, 'svg') ?? '', names),
      },
    ];
  });
  return { labels, inputs };
}

export const inputKey = (label: string, attribute: string): string => JSON.stringify([label, attribute]);

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function edgesOf(svg: string, points: readonly string[]): [number, number][] {
  const tags = [...svg.matchAll(/<(line|circle)\b([^>]*)>/gu)].map(([, tag, inside]) => ({
    tag,
    values: new Map(
      [...(inside ?? '').matchAll(/([\w-]+)="([^"]*)"/gu)].map(([, key, value]) => [
        key as string,
        (value as string).replace(/&(amp|lt|gt|quot|apos);/gu, (_, entity: string) => ENTITIES[entity] as string),
      ]),
    ),
  }));
  const nodes = new Map<string, number>();
  for (const { tag, values } of tags) {
    const id = values.get('data-node-id');
    if (tag !== 'circle' || id === undefined) continue;
    const named = points.indexOf(values.get('data-label-name') ?? '');
    nodes.set(id, named >= 0 ? named : Number(id) - 1);
  }
  return tags.flatMap(({ tag, values }): [number, number][] => {
    if (tag !== 'line') return [];
    const [from, to] = ['data-node-from', 'data-node-to'].map((key) => nodes.get(values.get(key) ?? '') ?? -1);
    const known = [from, to].every((end) => end !== undefined && end >= 0 && end < points.length);
    return known ? [[from as number, to as number]] : [];
  });
}
