import { checkGeometry } from './geometry/check-geometry.js';
import type { Geometry, GeometryType, ImageSize } from './geometry/geometry.js';
import { needsClass, TASK_GEOMETRIES, type TaskType } from './task-types.js';

/** Why an annotation was refused. `path` is dotted and relative to the operation (`geometry.bbox.2`, `class_id`). */
export interface AnnotationIssue {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

/** The class an annotation names. */
export interface ClassHead {
  readonly task_type: TaskType;
  /** Names of its keypoints in order; empty when it has none. */
  readonly keypoints: readonly string[];
}

/** What an annotation is checked against. */
export interface LabelingRules {
  readonly image: ImageSize;
  /** Of the project. */
  readonly task_types: readonly TaskType[];
  /** Classes of the project by id. */
  readonly classes: ReadonlyMap<number, ClassHead>;
}

/** What the rules of a whole image look at. */
export interface AnnotationHead {
  readonly task_type: TaskType;
  readonly annotation_type: GeometryType;
  readonly class_id: number | null;
}

export type AnnotationCheck =
  | { readonly ok: true; readonly head: AnnotationHead; readonly geometry: Geometry | null }
  | { readonly ok: false; readonly issues: readonly AnnotationIssue[] };

/** Checks a new annotation by itself: task type, geometry against the image, class. `geometry` comes back ready to store. */
export function checkNewAnnotation(
  draft: { readonly task_type: TaskType; readonly class_id?: number | null; readonly geometry: unknown },
  rules: LabelingRules,
): AnnotationCheck {
  if (!rules.task_types.includes(draft.task_type)) {
    return refused('task_type', 'task_not_in_project', `the project is not labeled for ${draft.task_type}`);
  }
  return checkParts(draft.task_type, null, draft.class_id ?? null, draft.geometry, rules);
}

/**
 * Checks a change by itself. Absent fields keep what the annotation has; a geometry of another kind is fine as long as the
 * task type allows it. `geometry` is null when the change has none.
 */
export function checkAnnotationChange(
  current: AnnotationHead,
  change: { readonly class_id?: number | null | undefined; readonly geometry?: unknown },
  rules: LabelingRules,
): AnnotationCheck {
  const class_id = change.class_id === undefined ? current.class_id : change.class_id;
  if (current.annotation_type === 'keypoints' && change.geometry === undefined && class_id !== current.class_id) {
    const [from, to] = [current.class_id, class_id].map((id) => rules.classes.get(id ?? 0)?.keypoints.length);
    if (from !== to) return refused('geometry', 'wrong_length', 'the classes differ in keypoints: send the points too');
  }
  return checkParts(current.task_type, current.annotation_type, class_id, change.geometry, rules);
}

function checkParts(
  task_type: TaskType,
  kept: GeometryType | null,
  class_id: number | null,
  given: unknown,
  rules: LabelingRules,
): AnnotationCheck {
  let geometry: Geometry | null = null;
  if (kept === null || given !== undefined) {
    const check = checkGeometry(given, rules.image);
    if (!check.ok) {
      return {
        ok: false,
        issues: check.issues.map((issue) => ({
          ...issue,
          path: issue.path === '' ? 'geometry' : `geometry.${issue.path}`,
        })),
      };
    }
    geometry = check.geometry;
  }
  const annotation_type = geometry?.type ?? (kept as GeometryType);
  if (!TASK_GEOMETRIES[task_type].includes(annotation_type)) {
    const allowed = TASK_GEOMETRIES[task_type].join(', ');
    return refused('geometry.type', 'wrong_geometry', `${task_type} takes ${allowed}, not ${annotation_type}`);
  }
  const issue = classIssue(task_type, annotation_type, class_id, geometry, rules);
  return issue
    ? { ok: false, issues: [issue] }
    : { ok: true, head: { task_type, annotation_type, class_id }, geometry };
}

function classIssue(
  task_type: TaskType,
  annotation_type: GeometryType,
  class_id: number | null,
  geometry: Geometry | null,
  rules: LabelingRules,
): AnnotationIssue | null {
  if (class_id === null) {
    return needsClass(annotation_type)
      ? issueOf('class_id', 'class_missing', `a ${annotation_type} needs a class`)
      : null;
  }
  if (!needsClass(annotation_type)) {
    return issueOf('class_id', 'class_not_allowed', `a ${annotation_type} annotation has no class`);
  }
  const named = rules.classes.get(class_id);
  if (!named) return issueOf('class_id', 'unknown_class', `the project has no class ${class_id}`);
  if (named.task_type !== task_type) {
    return issueOf('class_id', 'class_of_other_task', `class ${class_id} is for ${named.task_type}, not ${task_type}`);
  }
  if (
    geometry?.type === 'keypoints' &&
    named.keypoints.length > 0 &&
    geometry.points.length !== named.keypoints.length
  ) {
    return issueOf('geometry.points', 'wrong_length', `class ${class_id} has ${named.keypoints.length} keypoints`);
  }
  return null;
}

/**
 * What one image holds, as far as its annotations limit each other: a class is assigned once, and "no object" excludes objects of
 * its task type. Built from the stored annotations, then asked for each change in turn; a refused change leaves it as it was.
 *
 * @param stored annotations that are looked at one by one: classifications and "no object", and any others
 * @param others how many more objects there are per task type
 */
export class ImageContents {
  private readonly assigned = new Set<number>();
  private readonly empty = new Set<TaskType>();
  private readonly objects = new Map<TaskType, number>();

  constructor(stored: Iterable<AnnotationHead> = [], others: Iterable<readonly [TaskType, number]> = []) {
    for (const [task_type, count] of others) this.objects.set(task_type, count);
    for (const head of stored) this.put(head, 1);
  }

  add(head: AnnotationHead): AnnotationIssue | null {
    const issue = this.conflict(head);
    if (!issue) this.put(head, 1);
    return issue;
  }

  change(before: AnnotationHead, after: AnnotationHead): AnnotationIssue | null {
    this.put(before, -1);
    const issue = this.add(after);
    if (issue) this.put(before, 1);
    return issue;
  }

  remove(head: AnnotationHead): void {
    this.put(head, -1);
  }

  private conflict({ task_type, annotation_type, class_id }: AnnotationHead): AnnotationIssue | null {
    if (annotation_type === 'no_object') {
      if (this.empty.has(task_type)) {
        return issueOf('geometry.type', 'duplicate', `the image is already marked as without objects for ${task_type}`);
      }
      const count = this.objects.get(task_type) ?? 0;
      return count > 0
        ? issueOf(
            'geometry.type',
            'objects_present',
            `delete the ${count} ${task_type} annotation(s) before stating that there is none`,
          )
        : null;
    }
    if (this.empty.has(task_type)) {
      return issueOf(
        'geometry.type',
        'no_object_present',
        `the image is marked as without objects for ${task_type}: delete that mark first`,
      );
    }
    if (annotation_type === 'classification' && class_id !== null && this.assigned.has(class_id)) {
      return issueOf('class_id', 'duplicate', `class ${class_id} is already assigned to the image`);
    }
    return null;
  }

  private put({ task_type, annotation_type, class_id }: AnnotationHead, by: 1 | -1): void {
    if (annotation_type === 'no_object') {
      if (by > 0) this.empty.add(task_type);
      else this.empty.delete(task_type);
      return;
    }
    this.objects.set(task_type, (this.objects.get(task_type) ?? 0) + by);
    if (annotation_type !== 'classification' || class_id === null) return;
    if (by > 0) this.assigned.add(class_id);
    else this.assigned.delete(class_id);
  }
}

function issueOf(path: string, code: string, message: string): AnnotationIssue {
  return { path, code, message };
}

function refused(path: string, code: string, message: string): AnnotationCheck {
  return { ok: false, issues: [issueOf(path, code, message)] };
}
