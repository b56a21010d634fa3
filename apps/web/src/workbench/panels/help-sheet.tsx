'use client';

import type { EditorAction } from '@labelyard/editor';
import { useTranslations } from 'next-intl';
import { Dialog } from '@/ui/dialog';
import { Kbd } from '@/ui/kbd';
import { useEditor, useEditorPart } from '../session/use-session';
import { keyCaps } from './key-caps';

const GROUPS = ['tools', 'navigation', 'edit', 'selection', 'class', 'view', 'help'] as const;

const DIRECTIONS = ['left', 'right', 'up', 'down'] as const;

/** Families of actions that are one line here: sixteen ways to nudge say less than four lines. */
const FAMILIES = [
  { label: 'nudge', ids: DIRECTIONS.map((name) => `nudge_${name}`) },
  { label: 'nudge_far', ids: DIRECTIONS.map((name) => `nudge_${name}_far`) },
  { label: 'nudge_fine', ids: DIRECTIONS.map((name) => `nudge_${name}_fine`) },
  { label: 'nudge_leap', ids: DIRECTIONS.map((name) => `nudge_${name}_leap`) },
  { label: 'number_keys', ids: Array.from({ length: 9 }, (_, index) => `class_${index + 1}`) },
] as const;

interface Row {
  readonly id: string;
  readonly label: string;
  readonly keys: readonly string[];
}

/** Every action and its keys, read from the list the keyboard itself uses: it cannot be out of date. */
export function HelpSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const t = useTranslations('workbench');
  const editor = useEditor();
  const actions = useEditorPart(() => editor.actions.list);
  const rowsOf = (group: EditorAction['group']): Row[] => {
    const rows = new Map<string, Row>();
    for (const action of actions.filter((candidate) => candidate.group === group)) {
      const family = FAMILIES.find(({ ids }) => (ids as readonly string[]).includes(action.id));
      const id = family?.label ?? action.id;
      const label = family ? t(`help.families.${family.label}`) : t(action.label_key as 'actions.undo');
      rows.set(id, { id, label, keys: [...(rows.get(id)?.keys ?? []), ...action.keys] });
    }
    return [...rows.values()];
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t('help.title')}
      description={t('help.description')}
      width="lg"
    >
      <div className="gap-8 sm:columns-2">
        {GROUPS.map((group) => {
          const rows = rowsOf(group);
          if (rows.length === 0) return null;
          return (
            <section key={group} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 text-sm font-semibold">{t(`help.groups.${group}`)}</h3>
              <dl>
                {rows.map((row) => (
                  <div key={row.id} className="flex items-baseline justify-between gap-3 border-b py-1 text-sm">
                    <dt className="text-muted">{row.label}</dt>
                    <dd className="flex flex-wrap justify-end gap-x-2 gap-y-1">
                      {row.keys.map((chord) => (
                        <Kbd key={chord} keys={keyCaps(chord)} />
                      ))}
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          );
        })}
        <section className="mb-5 break-inside-avoid">
          <h3 className="mb-1 text-sm font-semibold">{t('help.groups.mouse')}</h3>
          <dl>
            {(['wheel', 'space_drag', 'double_click', 'edge_click'] as const).map((key) => (
              <div key={key} className="flex items-baseline justify-between gap-3 border-b py-1 text-sm">
                <dt className="text-muted">{t(`help.mouse.${key}.what`)}</dt>
                <dd className="shrink-0 text-xs">{t(`help.mouse.${key}.how`)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
