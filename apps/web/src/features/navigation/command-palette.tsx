'use client';

import { Search } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Dialog } from '@/ui/dialog';
import { Kbd } from '@/ui/kbd';
import { Palette } from './palette';
import { PalettePlaces } from './palette-places';
import { useCommandKey } from './use-hotkey';

/** Every place and preference by typing a part of its name. Opens on Ctrl/⌘ K. */
export function CommandPalette() {
  const t = useTranslations('palette');
  const [open, setOpen] = useState(false);
  useCommandKey('k', () => setOpen((was) => !was));
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        aria-keyshortcuts="Control+K Meta+K"
        className="inline-flex h-8.5 items-center gap-2 rounded-md border border-line-strong bg-surface px-2.5 text-sm text-muted transition-colors hover:border-control sm:w-64"
      >
        <Search aria-hidden className="size-4" />
        <span className="sr-only sm:not-sr-only">{t('placeholder_short')}</span>
        <span aria-hidden className="ml-auto hidden sm:inline">
          <Kbd keys="Ctrl K" />
        </span>
      </button>
      <Dialog open={open} onOpenChange={setOpen} title={t('title')} titleHidden className="sm:top-[14vh]">
        <Palette placeholder={t('placeholder')}>{(q) => <PalettePlaces q={q} close={() => setOpen(false)} />}</Palette>
      </Dialog>
    </>
  );
}
