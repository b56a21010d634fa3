import type { StatePath } from './state-infos.js';
import { StateNode } from './state-node.js';

/** A state in which the pointer holds something: Escape, undo and a lost pointer let go of it without a trace. */
export abstract class Gesture<P extends StatePath> extends StateNode<P> {
  /** Where to go when it ends. */
  protected abstract readonly home: Extract<StatePath, `${string}.idle`>;

  override exit(): void {
    this.model.draft.clear();
  }

  override cancel(): boolean {
    this.transition(this.home, undefined);
    return true;
  }

  override undo(): boolean {
    return this.cancel();
  }

  override redo(): boolean {
    return this.cancel();
  }

  /** Keys do not move what the pointer holds. */
  override nudge(): boolean {
    return true;
  }
}
