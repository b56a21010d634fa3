import type { EditorAction } from '../editor.js';

/** Number keys choose the first nine classes; further ones have the class picker. */
export const classActions: readonly EditorAction[] = [
  ...Array.from({ length: 9 }, (_, i): EditorAction => ({
    id: `class_${i + 1}`,
    group: 'class',
    label_key: `actions.class_${i + 1}`,
    keys: [String(i + 1)],
    enabled: (editor) => editor.model.session.classes.length > i,
    checked: (editor) => editor.model.session.classes[i]?.id === editor.model.session.active_class_id,
    run: (editor) => {
      const chosen = editor.model.session.classes[i];
      if (chosen) editor.chooseClass(chosen.id);
    },
  })),
  {
    id: 'toggle_no_object',
    group: 'class',
    label_key: 'actions.toggle_no_object',
    keys: ['o'],
    enabled: (editor) => editor.image !== null,
    run: (editor) => void editor.toggleNoObject(),
  },
];
