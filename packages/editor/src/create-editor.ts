import { classActions } from './actions/class-actions.js';
import { editActions } from './actions/edit-actions.js';
import { nudgeActions } from './actions/nudge-actions.js';
import { toolActions } from './actions/tool-actions.js';
import { viewActions } from './actions/view-actions.js';
import { Editor } from './editor.js';

/** A new editor with every built-in action. Hosts add their own by `registerActions`. */
export function createEditor(): Editor {
  const editor = new Editor();
  editor.registerActions([...toolActions, ...editActions, ...nudgeActions, ...classActions, ...viewActions]);
  return editor;
}
