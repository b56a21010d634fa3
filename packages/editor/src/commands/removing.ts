import type { EditorModel } from '../editor-model.js';

/** Deletes the selected shapes. False when none is selected. */
export function removeSelection(model: EditorModel): boolean {
  const { ids } = model.selection;
  if (ids.length === 0) return false;
  model.edit({ remove: ids });
  return true;
}
