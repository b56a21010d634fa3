import { distance, type ScreenPoint, type ImagePoint } from '../../camera/points.js';
import { pickAt } from '../../picking.js';
import { Gesture } from '../gesture.js';
import type { StateInfos } from '../state-infos.js';
import { DRAG_DISTANCE, type PointerInfo } from '../state-node.js';

type Info = StateInfos['select.pointing_shape'];

/** The button is down on a shape: moving on becomes a drag, letting go a click. */
export class PointingShape extends Gesture<'select.pointing_shape'> {
  protected readonly home = 'select.idle';
  private pressed: ScreenPoint | null = null;
  private origin: ImagePoint | null = null;
  private info: Info | null = null;

  override enter(info: Info): void {
    this.info = info;
    this.pressed = info.screen;
    this.origin = info.image;
    if (!info.shift && !this.model.selection.has(info.id)) this.model.selection.set([info.id]);
  }

  override pointerMove({ screen, image }: PointerInfo): void {
    const { info, pressed, origin } = this;
    if (!info || !pressed || !origin || distance(screen, pressed) < DRAG_DISTANCE) return;
    if (!this.model.session.mayEdit()) return void this.cancel();
    if (!this.model.selection.has(info.id)) this.model.selection.toggle(info.id);
    if (!this.model.mayChange(this.model.selection.ids)) return void this.cancel();
    this.transition('select.translating', { origin, to: image });
  }

  override pointerUp({ screen }: PointerInfo): void {
    const { info } = this;
    const { selection } = this.model;
    if (info?.shift) selection.toggle(info.id);
    else if (info) {
      const picked = pickAt(this.model, screen, info.pointer);
      if (picked !== null) selection.set([picked]);
    }
    this.transition('select.idle', undefined);
  }

  override remove(): boolean {
    this.cancel();
    return false;
  }

  override get cursor(): string {
    return 'move';
  }
}
