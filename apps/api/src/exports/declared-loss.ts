import type { ExportChoices, ExportPreview } from '@labelyard/contract';
import {
  canonicalGeometryJson,
  geometryArea,
  geometryBounds,
  encodeRleCounts,
  type Geometry,
  type GeometryType,
  TASK_GEOMETRIES,
  TASK_TYPES,
  type TaskType,
} from '@labelyard/domain';
import type { ExportAnnotation, ExportClass, ExportFinding, ExportSource } from '@labelyard/formats';
import type { ExportPlan } from './export-plan.js';

type Kind = ExportPreview['by_kind'][number];
type When = NonNullable<Kind['findings'][number]['when']>;

const SIZE = { width: 64, height: 64 };
const SQUARE = [[8, 8], [40, 8], [40, 40], [8, 40]] as const; // prettier-ignore
const SECOND = [[44, 44], [60, 44], [60, 60], [44, 60]] as const; // prettier-ignore
const HOLE = [[16, 16], [24, 16], [24, 24], [16, 24]] as const; // prettier-ignore

/** One plain shape of each kind: whole pixels, inside the image. */
const PLAIN: Readonly<Record<GeometryType, Geometry>> = {
  bbox: { type: 'bbox', bbox: [8, 8, 32, 32] },
  rotated_bbox: { type: 'rotated_bbox', center: [32, 32], size: [20, 10], angle: 30 },
  polygon: { type: 'polygon', polygons: [[SQUARE, []]] },
  mask: { type: 'mask', size: [64, 64], counts: encodeRleCounts([520, 8, 3568]) },
  polyline: { type: 'polyline', points: [[8, 8], [40, 8], [40, 40]] }, // prettier-ignore
  circle: { type: 'circle', center: [32, 32], radius: 10 },
  keypoints: { type: 'keypoints', points: [[8, 8, 2], [40, 40, 2]] }, // prettier-ignore
  classification: { type: 'classification' },
  no_object: { type: 'no_object' },
  text: { type: 'text', label_type: 'caption', text: 'A crossing.', language: 'en' },
};

const PARTICULAR: readonly { when: When; kind: GeometryType; geometry: Geometry; attributes: string }[] = [
  { when: 'parts', kind: 'polygon', geometry: { type: 'polygon', polygons: [[SQUARE, []], [SECOND, []]] }, attributes: '{}' }, // prettier-ignore
  { when: 'holes', kind: 'polygon', geometry: { type: 'polygon', polygons: [[SQUARE, [HOLE]]] }, attributes: '{}' },
  ...(Object.keys(PLAIN) as GeometryType[])
    .filter((kind) => kind !== 'no_object' && kind !== 'text')
    .map((kind) => ({ when: 'attributes' as const, kind, geometry: PLAIN[kind], attributes: '{"colour":"red"}' })),
];

/**
 * What becomes of each kind of shape, and why. The writer itself is asked: it writes one example of each, an export of its own, so that
 * what is announced is what will be reported.
 */
export async function declaredLoss(
  { format, task_types, options }: Pick<ExportPlan, 'format' | 'task_types' | 'options'>,
  { class_ids }: Pick<ExportChoices, 'class_ids'> = {},
): Promise<ReadonlyMap<GeometryType, Pick<Kind, 'fate' | 'findings'>>> {
  const kinds = (Object.keys(PLAIN) as GeometryType[]).filter((kind) => class_ids === undefined || needsClass(kind));
  const findings = async (kind: GeometryType, geometry: Geometry, attributes: string) => {
    const run = format.write(sourceOf(kind, geometry, attributes, task_types), options);
    for await (const { chunks } of run.files) for await (const _ of chunks) continue;
    const { dropped, converted } = run.report();
    return { dropped, converted };
  };
  return new Map(
    await Promise.all(
      kinds.map(async (kind) => {
        const plain = await findings(kind, PLAIN[kind], '{}');
        const fate = plain.dropped.length > 0 ? 'dropped' : plain.converted.length > 0 ? 'converted' : 'exact';
        const found = told(plain);
        const codes = new Set(found.map(({ code }) => code));
        // What is dropped anyway is not dropped in several ways.
        for (const { when, geometry, attributes, kind: of } of fate === 'dropped' ? [] : PARTICULAR) {
          if (of !== kind) continue;
          const further = told(await findings(kind, geometry, attributes), when);
          found.push(...further.filter(({ code }) => !codes.has(code)));
        }
        return [kind, { fate, findings: found }] as const;
      }),
    ),
  );
}

function told(
  report: { dropped: readonly ExportFinding[]; converted: readonly ExportFinding[] },
  when?: When,
): Kind['findings'] {
  return (['dropped', 'converted'] as const).flatMap((fate) =>
    report[fate].map(({ code, reason }) => ({ fate, code, reason, ...(when && { when }) })),
  );
}

function needsClass(kind: GeometryType): boolean {
  return kind !== 'no_object' && kind !== 'text';
}

function taskOf(kind: GeometryType, task_types: readonly TaskType[]): TaskType {
  return (
    TASK_TYPES.find((type) => task_types.includes(type) && TASK_GEOMETRIES[type].includes(kind)) ??
    TASK_TYPES.find((type) => TASK_GEOMETRIES[type].includes(kind))!
  );
}

function sourceOf(
  kind: GeometryType,
  geometry: Geometry,
  attributes: string,
  task_types: readonly TaskType[],
): ExportSource {
  const task_type = taskOf(kind, task_types);
  const keypoint = task_type === 'keypoint';
  const named: ExportClass = { id: 1, task_type, name: 'a', keypoints: keypoint ? ['a', 'b'] : [], skeleton: [] };
  const [x, y, w, h] = geometryBounds(geometry) ?? [null, null, null, null];
  const row: ExportAnnotation = {
    id: 1,
    image_id: 1,
    class_id: needsClass(kind) ? 1 : null,
    annotation_type: kind,
    task_type,
    geometry: canonicalGeometryJson(geometry),
    attributes,
    bbox_x: x,
    bbox_y: y,
    bbox_w: w,
    bbox_h: h,
    area: geometryArea(geometry),
  };
  return {
    head: { project: { id: 1, name: '' }, version: null, date: null, task_types: [task_type], classes: [named] },
    async *images() {
      yield [{ id: 1, path: 'a.jpg', ...SIZE }];
    },
    async *annotations() {
      yield [row];
    },
  };
}
