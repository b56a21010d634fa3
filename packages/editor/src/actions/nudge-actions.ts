import type { EditorAction } from '../editor.js';

const DIRECTIONS = [
  { name: 'left', key: 'ArrowLeft', dx: -1, dy: 0 },
  { name: 'right', key: 'ArrowRight', dx: 1, dy: 0 },
  { name: 'up', key: 'ArrowUp', dx: 0, dy: -1 },
  { name: 'down', key: 'ArrowDown', dx: 0, dy: 1 },
] as const;

/** Steps in image pixels by the modifier held. */
const STEPS = [
  { suffix: '', prefix: '', pixels: 1 },
  { suffix: '_far', prefix: 'Shift+', pixels: 10 },
  { suffix: '_fine', prefix: 'Alt+', pixels: 0.1 },
  { suffix: '_leap', prefix: 'Mod+', pixels: 100 },
] as const;

/** Arrow keys move the crosshair while drawing, else the held vertex, else the selection. */
export const nudgeActions: readonly EditorAction[] = DIRECTIONS.flatMap(({ name, key, dx, dy }) =>
  STEPS.map(({ suffix, prefix, pixels }): EditorAction => ({
    id: `nudge_${name}${suffix}`,
    group: 'selection',
    label_key: `actions.nudge_${name}${suffix}`,
    keys: [`${prefix}${key}`],
    repeats: true,
    enabled: (editor) => editor.selection.length > 0 || editor.tool.startsWith('draw_'),
    run: (editor) => void editor.nudge(dx * pixels, dy * pixels),
  })),
);
