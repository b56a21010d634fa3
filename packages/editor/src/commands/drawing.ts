import {
  clampToImage,
  TASK_GEOMETRIES,
  TASK_TYPES,
  type GeometryType,
  type Point,
  type TaskType,
} from '@labelyard/domain';
import { imagePoint, type ImagePoint } from '../camera/points.js';
import type { EditorModel } from '../editor-model.js';
import { kindNamed } from '../kinds/kind-table.js';
import { roundPoint } from '../kinds/rounding.js';
import { newShape, type ShapeId } from '../records/shape.js';

/** `no_shape`: the points make none; `refused`: nothing may be made now. Both leave a notice. */
export type DrawingOutcome = 'done' | 'no_shape' | 'refused';

/** A point as it would be stored: inside the image, to 1/100 px. */
export function clampedPoint({ session }: EditorModel, point: Point): ImagePoint {
  const [x, y] = roundPoint(session.image ? clampToImage(point, session.image) : point);
  return imagePoint(x, y);
}

/** Makes a shape of the points and selects it. "No object" of the same task is withdrawn in the same step. */
export function finishDrawing(model: EditorModel, type: GeometryType, points: readonly Point[]): DrawingOutcome {
  const { session } = model;
  if (!session.mayCreate(type) || !session.image) return 'refused';
  const geometry = kindNamed(type)?.create(points, session.image);
  if (!geometry) {
    session.refuse('too_small');
    return 'no_shape';
  }
  const task_type = taskFor(model, type);
  const shape = newShape({ task_type, class_id: session.active_class_id, geometry });
  if (!model.edit({ create: [shape], remove: noObjectIds(model, task_type) })) return 'refused';
  model.selection.set([shape.id]);
  return 'done';
}

/** The active task when it takes this kind, else the first that does. */
export function taskFor({ session }: EditorModel, type: GeometryType): TaskType {
  const takes = (task: TaskType) => TASK_GEOMETRIES[task].includes(type);
  if (takes(session.active_task_type)) return session.active_task_type;
  return TASK_TYPES.find(takes) ?? session.active_task_type;
}

/** Records that say a task finds nothing on this image. */
export function noObjectIds({ store }: EditorModel, task_type: TaskType): ShapeId[] {
  return store.all
    .filter((shape) => shape.task_type === task_type && shape.annotation_type === 'no_object')
    .map(({ id }) => id);
}
