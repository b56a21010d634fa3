'use client';

import type { EditorAction } from '@labelyard/editor';
import { Zap } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef } from 'react';
import { Palette, PaletteGroup, PaletteItem } from '@/features/navigation/palette';
import { PalettePlaces } from '@/features/navigation/palette-places';
import { Dialog } from '@/ui/dialog';
import { useEditor, useEditorPart } from '../session/use-session';
import { familyOf } from './action-families';
import { keyCaps } from './key-caps';

/** Everything that can be done now, by typing a part of its name, and the way to every page. */
export function ActionPalette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('palette');
  const editor = useEditor();
  const chosen = useRef<EditorAction | null>(null);
  const close = () => onOpenChange(false);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('title')}
      titleHidden
      className="sm:top-[14vh]"
      // Not before the dialog is gone: what an action opens or moves the focus to would lose it again.
      onClosed={(event) => {
        const action = chosen.current;
        chosen.current = null;
        if (!action) return;
        event.preventDefault();
        editor.actions.run(action.id);
      }}
    >
      <Palette placeholder={t('placeholder_actions')}>
        {(q) => (
          <>
            <PaletteActions
              choose={(action) => {
                chosen.current = action;
                close();
              }}
            />
            <PalettePlaces q={q} close={close} />
          </>
        )}
      </Palette>
    </Dialog>
  );
}

function PaletteActions({ choose }: { choose: (action: EditorAction) => void }) {
  const t = useTranslations('palette');
  const workbench = useTranslations('workbench');
  const editor = useEditor();
  const actions = useEditorPart(() => editor.actions.list);
  return (
    <PaletteGroup heading={t('actions')}>
      {actions
        .filter((action) => familyOf(action.id) === null && action.id !== 'palette' && action.enabled(editor))
        .map((action) => (
          <PaletteItem
            key={action.id}
            icon={<Zap aria-hidden />}
            value={`action ${action.id}`}
            name={workbench(action.label_key as 'actions.undo')}
            keys={action.keys[0] && keyCaps(action.keys[0])}
            onSelect={() => choose(action)}
          />
        ))}
    </PaletteGroup>
  );
}
