import type { Editor, EditorAction } from '../editor.js';

const ZOOM_STEP = 1.25;
const hasImage = (editor: Editor) => editor.image !== null;

export const viewActions: readonly EditorAction[] = [
  {
    id: 'zoom_in',
    group: 'view',
    label_key: 'actions.zoom_in',
    keys: ['Plus', '='],
    repeats: true,
    enabled: hasImage,
    run: (editor) => editor.camera.zoomBy(ZOOM_STEP),
  },
  {
    id: 'zoom_out',
    group: 'view',
    label_key: 'actions.zoom_out',
    keys: ['-'],
    repeats: true,
    enabled: hasImage,
    run: (editor) => editor.camera.zoomBy(1 / ZOOM_STEP),
  },
  {
    id: 'zoom_fit',
    group: 'view',
    label_key: 'actions.zoom_fit',
    keys: ['f'],
    enabled: hasImage,
    run: (editor) => editor.camera.fit(),
  },
  {
    id: 'zoom_actual',
    group: 'view',
    label_key: 'actions.zoom_actual',
    keys: ['z'],
    enabled: hasImage,
    run: (editor) => editor.camera.actualSize(),
  },
  {
    id: 'toggle_shapes',
    group: 'view',
    label_key: 'actions.toggle_shapes',
    keys: ['s'],
    enabled: () => true,
    checked: (editor) => editor.model.view.state.show_shapes,
    run: (editor) => editor.setView({ show_shapes: !editor.model.view.state.show_shapes }),
  },
  {
    id: 'toggle_names',
    group: 'view',
    label_key: 'actions.toggle_names',
    keys: ['l'],
    enabled: () => true,
    checked: (editor) => editor.model.view.state.show_names,
    run: (editor) => editor.setView({ show_names: !editor.model.view.state.show_names }),
  },
];
