import { geometryArea, geometryBounds, type Box, type Point } from '@labelyard/domain';
import { distance, imagePoint, type ScreenPoint } from './camera/points.js';
import type { EditorModel } from './editor-model.js';
import type { PointerKind } from './input-event.js';
import { kindOf } from './kinds/kind-table.js';
import type { Handle } from './kinds/shape-kind.js';
import type { Shape, ShapeId } from './records/shape.js';

/** CSS pixels a pointer may miss a thing by. A finger needs more. */
const REACH: Readonly<Record<PointerKind, number>> = { mouse: 6, pen: 8, touch: 18 };
/** Grips closer together than this on screen are left out, the less important first. */
const GRIP_SPACING = 12;

export function reachOf(pointer: PointerKind): number {
  return REACH[pointer];
}

/**
 * Visible shapes at a point of the image, the one to pick first at the front: those that hold the point before those that
 * are only near, smaller before larger, upper before lower. `tolerance` in image pixels.
 */
export function shapesAt(model: EditorModel, [x, y]: Point, tolerance: number): Shape[] {
  const { store, view, index } = model;
  const hits: { shape: Shape; far: number; area: number }[] = [];
  for (const { id } of index.search([x - tolerance, y - tolerance, 2 * tolerance, 2 * tolerance])) {
    const shape = store.get(id);
    const kind = shape && view.isVisible(shape) ? kindOf(shape.geometry) : null;
    if (!shape || !kind?.hit(shape.geometry, [x, y], tolerance)) continue;
    const far = kind.hit(shape.geometry, [x, y], 0) ? 0 : 1;
    hits.push({ shape, far, area: geometryArea(shape.geometry) ?? 0 });
  }
  hits.sort((a, b) => a.far - b.far || a.area - b.area || store.rank(b.shape.id) - store.rank(a.shape.id));
  return hits.map(({ shape }) => shape);
}

/** The shape a press at a screen point takes hold of: a selected one wins, so that a selection can be dragged. */
export function hitTest(model: EditorModel, point: ScreenPoint, pointer: PointerKind = 'mouse'): ShapeId | null {
  const shapes = shapesAt(model, model.camera.toImage(point), REACH[pointer] / model.camera.state.zoom);
  return (shapes.find(({ id }) => model.selection.has(id)) ?? shapes[0])?.id ?? null;
}

/** The shape a click picks: the smallest at the front, whatever is selected. */
export function pickAt(model: EditorModel, point: ScreenPoint, pointer: PointerKind = 'mouse'): ShapeId | null {
  const shapes = shapesAt(model, model.camera.toImage(point), REACH[pointer] / model.camera.state.zoom);
  return shapes[0]?.id ?? null;
}

/** Visible shapes whose bounds touch a box of the image, from back to front. */
export function shapesIn(model: EditorModel, box: Box): Shape[] {
  return model.index
    .search(box)
    .flatMap(({ id }) => model.store.get(id) ?? [])
    .filter((shape) => kindOf(shape.geometry) && model.view.isVisible(shape))
    .sort((a, b) => model.store.rank(a.id) - model.store.rank(b.id));
}

/** The grips shown for the one selected shape. Middle grips give way where there is no room. */
export function visibleHandles(model: EditorModel): readonly Handle[] {
  const id = model.selection.only;
  const shape = id === null ? undefined : model.store.get(id);
  if (!shape || model.session.readonly_reason !== null || !model.view.isVisible(shape)) return [];
  if (model.isLocked(shape.id)) return [];
  const geometry = model.draft.state.moved.get(shape.id) ?? shape.geometry;
  const handles = kindOf(geometry)?.handles(geometry) ?? [];
  const { zoom } = model.camera.state;
  return handles.filter(({ role, point }, i) => {
    if (role === 'corner' || role === 'vertex') return true;
    const neighbour = handles[i === 0 ? handles.length - 1 : i - 1];
    return neighbour && distance(at(point), at(neighbour.point)) * zoom >= GRIP_SPACING;
  });
}

/** The grip at a screen point: vertices and corners before middles, the nearest first. */
export function handleAt(model: EditorModel, point: ScreenPoint, pointer: PointerKind = 'mouse'): Handle | null {
  const reach = REACH[pointer];
  const weight = (handle: Handle) =>
    distance(model.camera.toScreen(at(handle.point)), point) +
    (handle.role === 'insert' || handle.role === 'edge' ? 3 : 0);
  let best: Handle | null = null;
  let least = Infinity;
  for (const handle of visibleHandles(model)) {
    const far = weight(handle);
    if (far <= reach + 3 && far < least) [best, least] = [handle, far];
  }
  return best;
}

/** Bounds of several shapes together, null when none has a place. */
export function boundsOf(shapes: readonly Shape[]): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { geometry } of shapes) {
    const bounds = geometryBounds(geometry);
    if (!bounds) continue;
    left = Math.min(left, bounds[0]);
    top = Math.min(top, bounds[1]);
    right = Math.max(right, bounds[0] + bounds[2]);
    bottom = Math.max(bottom, bounds[1] + bounds[3]);
  }
  return left === Infinity ? null : [left, top, right - left, bottom - top];
}

function at([x, y]: Point) {
  return imagePoint(x, y);
}
