import type { Geometry, Point } from '@labelyard/domain';
import { distance, type ScreenPoint } from '../../camera/points.js';
import { kindOf } from '../../kinds/kind-table.js';
import type { Handle, ShapeKind } from '../../kinds/shape-kind.js';
import type { ShapeId } from '../../records/shape.js';
import { Gesture } from '../gesture.js';
import type { StateInfos } from '../state-infos.js';
import { DRAG_DISTANCE, type PointerInfo } from '../state-node.js';

interface Held {
  readonly id: ShapeId;
  readonly geometry: Geometry;
  readonly kind: ShapeKind;
  readonly handle: Handle;
  readonly pressed: ScreenPoint;
  /** From the pointer to the grip, so that the grip does not jump when it is taken. */
  readonly offset: Point;
}

/** Dragging a box's corner or side, a polygon's vertex, or a new vertex out of the middle of an edge. */
export class DraggingHandle extends Gesture<'select.dragging_handle'> {
  protected readonly home = 'select.idle';
  private held: Held | null = null;
  private result: Geometry | null = null;

  override enter({ id, handle_id, screen, image }: StateInfos['select.dragging_handle']): void {
    this.result = null;
    this.held = null;
    const geometry = this.model.store.get(id)?.geometry;
    const kind = geometry ? kindOf(geometry) : null;
    if (!geometry || !kind) return;
    const handle = kind.handles(geometry).find((candidate) => candidate.id === handle_id);
    if (!handle) return;
    const offset: Point = [handle.point[0] - image[0], handle.point[1] - image[1]];
    this.held = { id, geometry, kind, handle, pressed: screen, offset };
  }

  override pointerMove({ screen, image }: PointerInfo): void {
    const { held } = this;
    const size = this.model.session.image;
    if (!held || !size || (!this.result && distance(screen, held.pressed) < DRAG_DISTANCE)) return;
    const to: Point = [image[0] + held.offset[0], image[1] + held.offset[1]];
    this.result = held.kind.round(held.kind.moveHandle(held.geometry, held.handle.id, to, size));
    this.model.draft.set({ moved: new Map([[held.id, this.result]]) });
  }

  /** A click without a drag puts the grip into the keyboard's hand. */
  override pointerUp(at: PointerInfo): void {
    this.pointerMove(at);
    const { held, result } = this;
    if (held && result) this.model.edit({ update: [[held.id, { geometry: result }]] });
    this.transition('select.idle', undefined);
    if (held && !result && held.handle.role !== 'insert') this.model.selection.hold(held.handle.id);
  }

  override remove(): boolean {
    this.cancel();
    return false;
  }

  override get cursor(): string {
    return this.held?.handle.cursor ?? 'grabbing';
  }
}
