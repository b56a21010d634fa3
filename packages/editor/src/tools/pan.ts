import type { ScreenPoint } from '../camera/points.js';
import { Gesture } from './gesture.js';
import type { StateInfos } from './state-infos.js';
import { StateNode, type PointerInfo } from './state-node.js';

export class PanIdle extends StateNode<'pan.idle'> {
  override pointerDown({ screen }: PointerInfo): void {
    this.transition('pan.dragging', { screen });
  }

  override cancel(): boolean {
    this.transition('select.idle', undefined);
    return true;
  }

  override interrupt(): void {}

  override get cursor(): string {
    return 'grab';
  }
}

export class PanDragging extends Gesture<'pan.dragging'> {
  protected readonly home = 'pan.idle';
  private last: ScreenPoint | null = null;

  override enter({ screen }: StateInfos['pan.dragging']): void {
    this.last = screen;
  }

  override pointerMove({ screen }: PointerInfo): void {
    if (this.last) this.model.camera.panBy(screen[0] - this.last[0], screen[1] - this.last[1]);
    this.last = screen;
  }

  override pointerUp(): void {
    this.transition('pan.idle', undefined);
  }

  override get cursor(): string {
    return 'grabbing';
  }
}
