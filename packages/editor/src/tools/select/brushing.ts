import { boxOfPoints } from '@labelyard/domain';
import { distance } from '../../camera/points.js';
import { shapesIn } from '../../picking.js';
import type { ShapeId } from '../../records/shape.js';
import { Gesture } from '../gesture.js';
import type { StateInfos } from '../state-infos.js';
import { DRAG_DISTANCE, type PointerInfo } from '../state-node.js';

/** Pulling a marquee: everything it touches is selected; with Shift it is added. A click on nothing clears the selection. */
export class Brushing extends Gesture<'select.brushing'> {
  protected readonly home = 'select.idle';
  private info: StateInfos['select.brushing'] | null = null;
  private before: readonly ShapeId[] = [];
  private pulled = false;

  override enter(info: StateInfos['select.brushing']): void {
    this.info = info;
    this.before = this.model.selection.ids;
    this.pulled = false;
  }

  override pointerMove({ screen, image }: PointerInfo): void {
    const { info } = this;
    if (!info || (!this.pulled && distance(screen, info.screen) < DRAG_DISTANCE)) return;
    this.pulled = true;
    this.model.draft.set({ brush: { from: info.image, to: image } });
    const box = boxOfPoints([info.image, image]);
    const touched = box ? shapesIn(this.model, box).map(({ id }) => id) : [];
    this.model.selection.set(info.add ? [...this.before, ...touched] : touched);
  }

  override pointerUp(at: PointerInfo): void {
    this.pointerMove(at);
    if (!this.pulled && !this.info?.add) this.model.selection.clear();
    this.transition('select.idle', undefined);
  }

  override cancel(): boolean {
    this.model.selection.set(this.before);
    return super.cancel();
  }

  override remove(): boolean {
    this.cancel();
    return false;
  }

  override get cursor(): string {
    return 'crosshair';
  }
}
