import type { EditorModel } from '../editor-model.js';
import { kindOf } from '../kinds/kind-table.js';
import type { Handle, ShapeKind } from '../kinds/shape-kind.js';
import type { Shape } from '../records/shape.js';
import { MoveTogether } from './move-together.js';

/** Moves the selection by image pixels. Steps that follow each other are one undo step. False when nothing is selected. */
export function nudgeSelection(model: EditorModel, dx: number, dy: number): boolean {
  const { selectedShapes, session } = model;
  if (selectedShapes.length === 0 || !session.image) return false;
  const moved = new MoveTogether(selectedShapes, session.image).by(dx, dy);
  const update = [...moved].map(([id, geometry]) => [id, { geometry }] as const);
  model.edit({ update }, `nudge ${model.selection.ids.join(' ')}`);
  return true;
}

/** Moves the grip the keyboard holds by image pixels. */
export function moveHandle(model: EditorModel, handle_id: string, dx: number, dy: number): boolean {
  const single = selectedHandles(model);
  const handle = single?.handles.find(({ id }) => id === handle_id);
  const { image } = model.session;
  if (!single || !handle || !image) return false;
  const { shape, kind } = single;
  const [x, y] = handle.point;
  const geometry = kind.round(kind.moveHandle(shape.geometry, handle_id, [x + dx, y + dy], image));
  model.edit({ update: [[shape.id, { geometry }]] }, `handle ${shape.id} ${handle_id}`);
  return true;
}

/** Puts the next (1) or previous (-1) grip into the keyboard's hand. False when not exactly one shape is selected. */
export function stepHandle(model: EditorModel, step: 1 | -1): boolean {
  const { selection } = model;
  const grips = selectedHandles(model)?.handles.filter(({ role }) => role !== 'insert') ?? [];
  if (grips.length === 0) return false;
  const at = grips.findIndex(({ id }) => id === selection.handle_id);
  const next = at < 0 ? (step === 1 ? 0 : grips.length - 1) : (at + step + grips.length) % grips.length;
  selection.hold(grips[next]?.id ?? null);
  return true;
}

/** Inserts a vertex in the middle of the edge behind the held one and holds the new one. */
export function insertAfterHandle(model: EditorModel): boolean {
  const single = selectedHandles(model);
  const { image } = model.session;
  if (!single || !image) return false;
  const { shape, kind, handles } = single;
  const at = handles.findIndex(({ id }) => id === model.selection.handle_id);
  const middle = handles[at + 1];
  if (at < 0 || middle?.role !== 'insert') return false;
  const geometry = kind.round(kind.moveHandle(shape.geometry, middle.id, middle.point, image));
  return model.edit({ update: [[shape.id, { geometry }]] }) && stepHandle(model, 1);
}

/** The one selected shape with its kind and grips; null when not exactly one is selected or it has none. */
export function selectedHandles({ selection, store }: EditorModel): {
  shape: Shape;
  kind: ShapeKind;
  handles: readonly Handle[];
} | null {
  const shape = selection.only === null ? undefined : store.get(selection.only);
  const kind = shape && kindOf(shape.geometry);
  return shape && kind ? { shape, kind, handles: kind.handles(shape.geometry) } : null;
}
