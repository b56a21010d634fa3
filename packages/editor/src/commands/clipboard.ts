import { checkGeometry, type ImageSize } from '@labelyard/domain';
import type { EditorModel } from '../editor-model.js';
import { kindOf } from '../kinds/kind-table.js';
import { newShape, type NewShape, type Shape } from '../records/shape.js';
import { noObjectIds } from './drawing.js';

/** CSS pixels a copy is moved by, so that it can be told from its original. */
const OFFSET = 12;
/** In the corner of the image there is no further place to move to. */
const MOST_OFFSETS = 50;

/** Copies the selected shapes; they can be pasted on other images too. */
export function copySelection(model: EditorModel): boolean {
  const shapes = model.selectedShapes;
  if (shapes.length === 0) return false;
  model.clipboard = shapes.map(({ task_type, class_id, geometry, attributes }) => ({
    task_type,
    class_id,
    geometry,
    attributes,
  }));
  return true;
}

/** Pastes at the same place, moved a little where that place is taken by the same shape. */
export function pasteClipboard(model: EditorModel): boolean {
  return place(model, model.clipboard);
}

/** Copies the selection beside itself without touching the clipboard. */
export function duplicateSelection(model: EditorModel): boolean {
  return place(
    model,
    model.selectedShapes.map(({ task_type, class_id, geometry, attributes }) => ({
      task_type,
      class_id,
      geometry,
      attributes,
    })),
  );
}

function place(model: EditorModel, templates: readonly NewShape[]): boolean {
  const { session, store, camera } = model;
  if (!session.mayEdit() || !session.image) return false;
  const taken = new Set(store.all.map(({ geometry }) => JSON.stringify(geometry)));
  const offset = OFFSET / camera.state.zoom;
  const [first] = templates;
  let steps = 0;
  while (
    first &&
    steps < MOST_OFFSETS &&
    taken.has(JSON.stringify(moved(first.geometry, steps * offset, session.image)))
  ) {
    steps++;
  }
  const create = templates.flatMap((template): Shape[] => {
    if (!isNews(model, template)) return [];
    const geometry = moved(template.geometry, steps * offset, session.image);
    return geometry ? [newShape({ ...template, geometry })] : [];
  });
  if (create.length === 0) return session.refuse('nothing_to_paste');
  const tasks = new Set(
    create.flatMap(({ annotation_type, task_type }) => (annotation_type === 'no_object' ? [] : task_type)),
  );
  const remove = [...tasks].flatMap((task_type) => noObjectIds(model, task_type));
  if (!model.edit({ create, remove })) return false;
  model.selection.set(create.map(({ id }) => id));
  return true;
}

/** A class is given to an image once, and "no object" is said only where there is none. Shapes may be there as often as one likes. */
function isNews({ store }: EditorModel, { task_type, class_id, geometry: { type } }: NewShape): boolean {
  if (type === 'no_object') return !store.all.some((shape) => shape.task_type === task_type);
  if (type !== 'classification') return true;
  return !store.all.some((shape) => shape.annotation_type === type && shape.class_id === class_id);
}

/** The geometry moved and brought inside the image; null when nothing of it fits there. */
function moved(geometry: Shape['geometry'], by: number, image: ImageSize | null): Shape['geometry'] | null {
  const kind = kindOf(geometry);
  if (!kind || !image) return null;
  const check = checkGeometry(kind.translate(geometry, by, by, image), image, { outside_px: Infinity });
  return check.ok ? kind.round(check.geometry) : null;
}
