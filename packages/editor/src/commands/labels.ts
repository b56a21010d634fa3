import { needsClass } from '@labelyard/domain';
import type { EditorModel } from '../editor-model.js';
import { newShape } from '../records/shape.js';
import { noObjectIds } from './drawing.js';

/** A class was chosen: the selected shapes of its task take it, and so does what is drawn next. */
export function chooseClass(model: EditorModel, class_id: number): void {
  const { session } = model;
  session.set({ active_class_id: class_id });
  const classed = model.selectedShapes.filter(({ annotation_type }) => needsClass(annotation_type));
  const ofTask = classed.filter(({ task_type }) => task_type === session.active_task_type);
  if (ofTask.length < classed.length) session.refuse('wrong_task_type');
  const update = ofTask.filter((shape) => shape.class_id !== class_id).map(({ id }) => [id, { class_id }] as const);
  if (update.length > 0) model.edit({ update });
}

/** Gives the image a class or takes it away; in `single` mode it replaces the one before. One undo step. */
export function toggleClassification(model: EditorModel, class_id: number): boolean {
  const { session, store } = model;
  if (!session.mayEdit()) return false;
  const labels = store.all.filter(({ annotation_type }) => annotation_type === 'classification');
  const on = labels.filter((label) => label.class_id === class_id);
  if (on.length > 0) return model.edit({ remove: on.map(({ id }) => id) });
  const label = newShape({ task_type: 'classification', class_id, geometry: { type: 'classification' } });
  const replaced = session.classification_mode === 'single' ? labels.map(({ id }) => id) : [];
  return model.edit({ create: [label], remove: [...replaced, ...noObjectIds(model, 'classification')] });
}

/** States, or withdraws, that there is nothing to label for the active task. Refused while labels of that task exist. */
export function toggleNoObject(model: EditorModel): boolean {
  const { session, store } = model;
  const { active_task_type: task_type } = session;
  if (!session.mayEdit()) return false;
  const stated = noObjectIds(model, task_type);
  if (stated.length > 0) return model.edit({ remove: stated });
  if (store.all.some((shape) => shape.task_type === task_type)) return session.refuse('shapes_exist');
  return model.edit({ create: [newShape({ task_type, class_id: null, geometry: { type: 'no_object' } })] });
}
