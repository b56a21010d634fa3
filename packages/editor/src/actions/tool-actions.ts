import type { EditorAction } from '../editor.js';
import { TOOL_IDS, TOOLS } from '../tools/tool-table.js';

export const toolActions: readonly EditorAction[] = TOOL_IDS.map((tool) => ({
  id: `tool_${tool}`,
  group: 'tools',
  label_key: `actions.tool_${tool}`,
  keys: [TOOLS[tool].key],
  enabled: (editor) => editor.toolEnabled(tool),
  checked: (editor) => editor.tool === tool,
  run: (editor) => editor.setTool(tool),
}));
