'use client';

import type { EditorAction } from '@labelyard/editor';
import { useTranslations } from 'next-intl';
import { Dialog } from '@/ui/dialog';
import { Kbd } from '@/ui/kbd';
import { useEditor, useEditorPart } from '../session/use-session';
import { familyOf } from './action-families';
import { familyCaps, keyCaps } from './key-caps';

const GROUPS = ['tools', 'navigation', 'edit', 'selection', 'class', 'view', 'help'] as const;

interface Row {
  readonly id: string;
  readonly label: string;
  readonly family: boolean;
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
      const family = familyOf(action.id);
      const id = family ?? action.id;
      const label = family ? t(`help.families.${family}`) : t(action.label_key as 'actions.undo');
      rows.set(id, { id, label, family: family !== null, keys: [...(rows.get(id)?.keys ?? []), ...action.keys] });
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
                      {(row.family ? [familyCaps(row.keys)] : row.keys.map(keyCaps)).map((caps) => (
                        <Kbd key={caps} keys={caps} />
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
