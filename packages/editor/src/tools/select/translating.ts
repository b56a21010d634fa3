import type { Geometry } from '@labelyard/domain';
import { MoveTogether } from '../../commands/move-together.js';
import type { ImagePoint } from '../../camera/points.js';
import type { ShapeId } from '../../records/shape.js';
import { Gesture } from '../gesture.js';
import type { StateInfos } from '../state-infos.js';
import type { PointerInfo } from '../state-node.js';

/** Dragging the selection. */
export class Translating extends Gesture<'select.translating'> {
  protected readonly home = 'select.idle';
  private origin: ImagePoint | null = null;
  private move: MoveTogether | null = null;
  private moved: ReadonlyMap<ShapeId, Geometry> = new Map();

  override enter({ origin, to }: StateInfos['select.translating']): void {
    const { session, selectedShapes } = this.model;
    this.origin = origin;
    this.move = session.image && new MoveTogether(selectedShapes, session.image);
    this.moved = new Map();
    this.show(to);
  }

  override pointerMove({ image }: PointerInfo): void {
    this.show(image);
  }

  override pointerUp(at: PointerInfo): void {
    this.pointerMove(at);
    this.model.edit({ update: [...this.moved].map(([id, geometry]) => [id, { geometry }]) });
    this.transition('select.idle', undefined);
  }

  private show(to: ImagePoint): void {
    if (!this.origin || !this.move) return;
    this.moved = this.move.by(to[0] - this.origin[0], to[1] - this.origin[1]);
    this.model.draft.set({ moved: this.moved });
  }

  override remove(): boolean {
    this.cancel();
    return false;
  }

  override get cursor(): string {
    return 'grabbing';
  }
}
