import type { ExportChoices, ExportCondition, ExportPreview } from '@labelyard/contract';
import {
  canonicalGeometryJson,
  geometryArea,
  geometryBounds,
  GEOMETRY_TYPES,
  needsClass,
  type GeometryType,
  TASK_GEOMETRIES,
  TASK_TYPES,
  type TaskType,
} from '@labelyard/domain';
import type { ExportAnnotation, ExportClass, ExportFinding, ExportSource } from '@labelyard/formats';
import type { ExportPlan } from './export-plan.js';
import { PARTICULAR, PLAIN, SAMPLE_SIZE, type LossSample } from './loss-samples.js';

type Kind = ExportPreview['by_kind'][number];
type Sample = Omit<LossSample, 'when'>;

interface Loss {
  readonly dropped: readonly ExportFinding[];
  readonly converted: readonly ExportFinding[];
}

/**
 * What becomes of each kind of shape, and why. The writer itself is asked: it writes examples of each, every one an export of its own, so
 * that what is announced is what will be reported.
 */
export async function declaredLoss(
  { format, task_types, options }: Pick<ExportPlan, 'format' | 'task_types' | 'options'>,
  { class_ids }: Pick<ExportChoices, 'class_ids'> = {},
): Promise<ReadonlyMap<GeometryType, Pick<Kind, 'fate' | 'findings'>>> {
  const lossOf = async (sample: Sample, task_type: TaskType): Promise<Loss> => {
    const run = format.write(sourceOf(sample, task_type), options);
    for await (const { chunks } of run.files) for await (const _ of chunks) continue;
    return run.report();
  };
  const kinds = GEOMETRY_TYPES.filter((kind) => class_ids === undefined || needsClass(kind));
  return new Map(
    await Promise.all(
      kinds.map(async (kind) => {
        const plain = { kind, rows: [{ geometry: PLAIN[kind] }] };
        const tasks = await Promise.all(
          tasksOf(kind, task_types).map(async (task_type) => ({ task_type, loss: await lossOf(plain, task_type) })),
        );
        const best = tasks.find(({ loss }) => loss.dropped.length === 0) ?? tasks[0]!;
        const fate = fateOf(best.loss);
        const found = new Findings();
        found.add(best.loss);
        for (const { loss } of tasks) found.add(loss, 'other_task');
        // What is dropped anyway is not dropped in several ways.
        for (const sample of fate === 'dropped' ? [] : PARTICULAR) {
          if (sample.kind === kind) found.add(await lossOf(sample, best.task_type), sample.when);
        }
        return [kind, { fate, findings: found.list }] as const;
      }),
    ),
  );
}

function fateOf({ dropped, converted }: Loss): Kind['fate'] {
  return dropped.length > 0 ? 'dropped' : converted.length > 0 ? 'converted' : 'exact';
}

/** Each told once, with the first condition under which it was found. */
class Findings {
  readonly list: Kind['findings'] = [];

  add(loss: Loss, when?: ExportCondition): void {
    for (const fate of ['dropped', 'converted'] as const) {
      for (const { code, reason } of loss[fate]) {
        if (this.list.some((one) => one.fate === fate && one.code === code)) continue;
        this.list.push({ fate, code, reason, ...(when && { when }) });
      }
    }
  }
}

/** Task types that the kind can be of; "no object" is said for each of them. */
function tasksOf(kind: GeometryType, task_types: readonly TaskType[]): TaskType[] {
  const possible = TASK_TYPES.filter((type) => TASK_GEOMETRIES[type].includes(kind));
  const asked = possible.filter((type) => task_types.includes(type));
  return asked.length > 0 ? asked : possible.slice(0, 1);
}

function sourceOf({ kind, rows, keypoints = [['a', 'b']], classes = 1 }: Sample, task_type: TaskType): ExportSource {
  const names = Array.from({ length: Math.max(classes, keypoints.length) }, (_, n): ExportClass => {
    const points = task_type === 'keypoint' ? (keypoints[n] ?? keypoints[0] ?? []) : [];
    return { id: n + 1, task_type, name: `class ${n + 1}`, keypoints: points, skeleton: [] };
  });
  const annotations = rows.map(({ geometry, attributes = {}, named = 1, confidence = null }, n): ExportAnnotation => {
    const [x, y, w, h] = geometryBounds(geometry) ?? [null, null, null, null];
    return {
      id: n + 1,
      image_id: 1,
      class_id: needsClass(kind) ? named : null,
      annotation_type: kind,
      task_type,
      geometry: canonicalGeometryJson(geometry),
      attributes: JSON.stringify(attributes),
      confidence,
      bbox_x: x,
      bbox_y: y,
      bbox_w: w,
      bbox_h: h,
      area: geometryArea(geometry),
    };
  });
  return {
    head: { project: { id: 1, name: '' }, version: null, date: null, task_types: [task_type], classes: names },
    async *images() {
      yield [{ id: 1, path: 'a.jpg', ...SAMPLE_SIZE }];
    },
    async *annotations() {
      yield annotations;
    },
  };
}
