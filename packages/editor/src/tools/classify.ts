import { StateNode } from './state-node.js';

/** Labels of the whole image are chosen by class (keys, panel); the canvas only shows. */
export class ClassifyIdle extends StateNode<'classify.idle'> {
  override cancel(): boolean {
    this.transition('select.idle', undefined);
    return true;
  }

  override interrupt(): void {}
}
