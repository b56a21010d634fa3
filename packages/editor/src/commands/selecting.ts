import { geometryBounds } from '@labelyard/domain';
import type { EditorModel } from '../editor-model.js';
import type { Shape } from '../records/shape.js';

/** Shapes with a place on the image that are shown, from back to front. */
export function selectableShapes({ store, index, view }: EditorModel): Shape[] {
  return store.all.filter((shape) => index.get(shape.id) && view.isVisible(shape));
}

export function selectAll(model: EditorModel): void {
  model.selection.set(selectableShapes(model).map(({ id }) => id));
}

/** Selects the next (1) or previous (-1) shape and brings it into view. */
export function stepShape(model: EditorModel, step: 1 | -1): boolean {
  const shapes = selectableShapes(model);
  if (shapes.length === 0) return false;
  const last = model.selection.ids.at(-1);
  const at = shapes.findIndex(({ id }) => id === last);
  const next = shapes[at < 0 ? (step === 1 ? 0 : shapes.length - 1) : (at + step + shapes.length) % shapes.length];
  if (!next) return false;
  model.selection.set([next.id]);
  const bounds = geometryBounds(next.geometry);
  if (bounds) model.camera.reveal(bounds);
  return true;
}
