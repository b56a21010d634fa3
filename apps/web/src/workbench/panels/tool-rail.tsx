'use client';

import { TOOL_IDS, TOOLS, type ToolId } from '@labelyard/editor';
import {
  CircleHelp,
  Eye,
  EyeOff,
  Hand,
  Maximize,
  MousePointer2,
  Pentagon,
  Redo2,
  Square,
  Tag,
  Undo2,
  ZoomIn,
  ZoomOut,
  type LucideIcon,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/ui/icon-button';
import { useEditor, useEditorPart } from '../session/use-session';
import { keyCaps } from './key-caps';

const TOOL_ICONS: Readonly<Record<ToolId, LucideIcon>> = {
  select: MousePointer2,
  draw_bbox: Square,
  draw_polygon: Pentagon,
  classify: Tag,
  pan: Hand,
};

/** Tools, undo and view, each a button and a key. Tools of task types the project does not have are not there. */
export function ToolRail({ onHelp }: { onHelp: () => void }) {
  const t = useTranslations('workbench');
  const editor = useEditor();
  const tool = useEditorPart((snapshot) => snapshot.tool);
  const task_types = useEditorPart((snapshot) => snapshot.task_types);
  const readonly = useEditorPart((snapshot) => snapshot.readonly_reason !== null);
  const shown = TOOL_IDS.filter((id) => {
    const { task_type } = TOOLS[id];
    return task_type === null || task_types.includes(task_type);
  });
  return (
    <div
      role="toolbar"
      aria-label={t('tools')}
      aria-orientation="vertical"
      className="flex w-12 shrink-0 flex-col items-center gap-1 overflow-y-auto border-r bg-surface py-2"
    >
      {shown.map((id) => {
        const Icon = TOOL_ICONS[id];
        return (
          <IconButton
            key={id}
            side="right"
            label={t(`actions.tool_${id}`)}
            shortcut={keyCaps(TOOLS[id].key)}
            pressed={tool === id}
            disabled={readonly && TOOLS[id].task_type !== null}
            onClick={() => editor.setTool(id)}
          >
            <Icon aria-hidden />
          </IconButton>
        );
      })}
      <Separator />
      <ActionButton id="undo" icon={Undo2} />
      <ActionButton id="redo" icon={Redo2} />
      <Separator />
      <ActionButton id="zoom_in" icon={ZoomIn} />
      <ActionButton id="zoom_out" icon={ZoomOut} />
      <ActionButton id="zoom_fit" icon={Maximize} />
      <ShapesToggle />
      <div className="mt-auto" />
      <IconButton side="right" label={t('actions.help')} shortcut="?" onClick={onHelp}>
        <CircleHelp aria-hidden />
      </IconButton>
    </div>
  );
}

function ActionButton({
  id,
  icon: Icon,
}: {
  id: 'undo' | 'redo' | 'zoom_in' | 'zoom_out' | 'zoom_fit';
  icon: LucideIcon;
}) {
  const t = useTranslations('workbench');
  const editor = useEditor();
  // Re-evaluated with every snapshot; the value is a boolean, so only a change renders.
  const enabled = useEditorPart(() => editor.actions.find(id)?.enabled(editor) ?? false);
  const chord = editor.actions.find(id)?.keys[0] ?? '';
  return (
    <IconButton
      side="right"
      label={t(`actions.${id}`)}
      shortcut={keyCaps(chord)}
      disabled={!enabled}
      onClick={() => editor.actions.run(id)}
    >
      <Icon aria-hidden />
    </IconButton>
  );
}

function ShapesToggle() {
  const t = useTranslations('workbench');
  const editor = useEditor();
  const shown = useEditorPart((snapshot) => snapshot.view.show_shapes);
  return (
    <IconButton
      side="right"
      label={t('actions.toggle_shapes')}
      shortcut={keyCaps('s')}
      pressed={!shown}
      onClick={() => editor.actions.run('toggle_shapes')}
    >
      {shown ? <Eye aria-hidden /> : <EyeOff aria-hidden />}
    </IconButton>
  );
}

function Separator() {
  return <div role="separator" className="my-1 h-px w-6 bg-line" />;
}
