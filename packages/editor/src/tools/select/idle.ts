import { moveHandle, nudgeSelection, selectedHandles } from '../../commands/moving.js';
import { removeSelection } from '../../commands/removing.js';
import { handleAt, hitTest } from '../../picking.js';
import { StateNode, type PointerInfo } from '../state-node.js';

export class SelectIdle extends StateNode<'select.idle'> {
  private over = 'default';

  override exit(): void {
    this.model.hover(null);
    this.over = 'default';
  }

  override pointerMove({ screen, pointer }: PointerInfo): void {
    const handle = handleAt(this.model, screen, pointer);
    const id = handle ? this.model.selection.only : hitTest(this.model, screen, pointer);
    this.model.hover(id);
    const over = handle?.cursor ?? (id === null ? 'default' : 'move');
    if (over === this.over) return;
    this.over = over;
    this.model.hub.touch('tool');
  }

  override pointerDown({ screen, image, shift, alt, pointer }: PointerInfo): void {
    const { model } = this;
    const handle = handleAt(model, screen, pointer);
    const only = model.selection.only;
    if (handle && only !== null) {
      if (alt && handle.role === 'vertex') this.removeVertex(handle.id);
      else this.transition('select.dragging_handle', { id: only, handle_id: handle.id, screen, image });
      return;
    }
    const id = hitTest(model, screen, pointer);
    if (id !== null) this.transition('select.pointing_shape', { id, screen, image, shift, pointer });
    else this.transition('select.brushing', { screen, image, add: shift });
  }

  /** Enter takes hold of the first grip, so that arrows move it. */
  override complete(): boolean {
    const { selection } = this.model;
    const first = selectedHandles(this.model)?.handles[0];
    if (!first || selection.handle_id !== null) return false;
    selection.hold(first.id);
    return true;
  }

  override cancel(): boolean {
    const { selection } = this.model;
    if (selection.handle_id !== null) selection.hold(null);
    else if (selection.ids.length > 0) selection.clear();
    else return false;
    return true;
  }

  override nudge(dx: number, dy: number): boolean {
    const { selection } = this.model;
    if (selection.handle_id !== null) return moveHandle(this.model, selection.handle_id, dx, dy);
    return nudgeSelection(this.model, dx, dy);
  }

  override remove(): boolean {
    const { handle_id } = this.model.selection;
    return handle_id === null ? removeSelection(this.model) : this.removeVertex(handle_id);
  }

  override get cursor(): string {
    return this.over;
  }

  /** Takes a vertex away; a shape that would not survive it stays, with a notice. */
  private removeVertex(handle_id: string): boolean {
    const { selection, session } = this.model;
    const single = selectedHandles(this.model);
    if (!single || !session.mayEdit()) return true;
    const { shape, kind } = single;
    const geometry = kind.removeHandle(shape.geometry, handle_id);
    if (!geometry) session.refuse('too_few_points');
    else this.model.edit({ update: [[shape.id, { geometry }]] });
    selection.hold(null);
    return true;
  }
}
