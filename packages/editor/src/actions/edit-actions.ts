import { copySelection, duplicateSelection, pasteClipboard } from '../commands/clipboard.js';
import { insertAfterHandle, stepHandle } from '../commands/moving.js';
import { selectableShapes, selectAll, stepShape } from '../commands/selecting.js';
import type { Editor, EditorAction } from '../editor.js';

const hasSelection = (editor: Editor) => editor.selection.length > 0;
const hasShapes = (editor: Editor) => selectableShapes(editor.model).length > 0;
const isDrawing = (editor: Editor) => editor.state.endsWith('.drawing');
const always = () => true;

/** Undo, clipboard and everything that works on the selection. While a shape is drawn, the drawing answers first. */
export const editActions: readonly EditorAction[] = [
  {
    id: 'undo',
    group: 'edit',
    label_key: 'actions.undo',
    keys: ['Mod+z'],
    repeats: true,
    enabled: (editor) => editor.getSnapshot().can_undo || editor.model.draft.state.moved.size > 0,
    run: (editor) => void editor.undo(),
  },
  {
    id: 'redo',
    group: 'edit',
    label_key: 'actions.redo',
    keys: ['Mod+Shift+z', 'Mod+y'],
    repeats: true,
    enabled: (editor) => editor.getSnapshot().can_redo || isDrawing(editor),
    run: (editor) => void editor.redo(),
  },
  {
    id: 'delete',
    group: 'edit',
    label_key: 'actions.delete',
    keys: ['Delete', 'Backspace'],
    // Vertex by vertex; a key held too long must not go on to what is selected.
    repeats: isDrawing,
    enabled: (editor) => hasSelection(editor) || isDrawing(editor),
    run: (editor) => void editor.remove(),
  },
  {
    id: 'copy',
    group: 'edit',
    label_key: 'actions.copy',
    keys: ['Mod+c'],
    enabled: hasSelection,
    run: (editor) => void copySelection(editor.model),
  },
  {
    id: 'paste',
    group: 'edit',
    label_key: 'actions.paste',
    keys: ['Mod+v'],
    enabled: (editor) => editor.model.clipboard.length > 0,
    run: (editor) => void editor.model.hub.batch(() => pasteClipboard(editor.model)),
  },
  {
    id: 'duplicate',
    group: 'edit',
    label_key: 'actions.duplicate',
    keys: ['Mod+d'],
    enabled: hasSelection,
    run: (editor) => void editor.model.hub.batch(() => duplicateSelection(editor.model)),
  },
  {
    id: 'complete',
    group: 'edit',
    label_key: 'actions.complete',
    keys: ['Enter'],
    enabled: always,
    run: (editor) => void editor.complete(),
  },
  {
    id: 'cancel',
    group: 'edit',
    label_key: 'actions.cancel',
    keys: ['Escape'],
    enabled: always,
    run: (editor) => void editor.cancel(),
  },
  {
    id: 'select_all',
    group: 'selection',
    label_key: 'actions.select_all',
    keys: ['Mod+a'],
    enabled: hasShapes,
    run: (editor) => selectAll(editor.model),
  },
  {
    id: 'next_shape',
    group: 'selection',
    label_key: 'actions.next_shape',
    keys: [']'],
    repeats: true,
    enabled: hasShapes,
    run: (editor) => void editor.model.hub.batch(() => stepShape(editor.model, 1)),
  },
  {
    id: 'previous_shape',
    group: 'selection',
    label_key: 'actions.previous_shape',
    keys: ['['],
    repeats: true,
    enabled: hasShapes,
    run: (editor) => void editor.model.hub.batch(() => stepShape(editor.model, -1)),
  },
  {
    id: 'next_handle',
    group: 'selection',
    label_key: 'actions.next_handle',
    keys: ['.'],
    repeats: true,
    enabled: hasSelection,
    run: (editor) => void stepHandle(editor.model, 1),
  },
  {
    id: 'previous_handle',
    group: 'selection',
    label_key: 'actions.previous_handle',
    keys: [','],
    repeats: true,
    enabled: hasSelection,
    run: (editor) => void stepHandle(editor.model, -1),
  },
  {
    id: 'insert_vertex',
    group: 'selection',
    label_key: 'actions.insert_vertex',
    keys: ['i', 'Insert'],
    enabled: (editor) => editor.model.selection.handle_id !== null,
    run: (editor) => void editor.model.hub.batch(() => insertAfterHandle(editor.model)),
  },
];
