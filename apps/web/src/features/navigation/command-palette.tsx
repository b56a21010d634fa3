'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import {
  Boxes,
  Contrast,
  History,
  Images,
  Languages,
  LayoutGrid,
  ListChecks,
  LogOut,
  PackageOpen,
  Search,
  Settings,
  ShieldCheck,
  Tags,
  Users,
} from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useDeferredValue, useState, type ReactNode } from 'react';
import { api } from '@/api';
import { usePreferences } from '@/features/session/use-preferences';
import { queryKeys } from '@/query-keys';
import { Dialog } from '@/ui/dialog';
import { Kbd } from '@/ui/kbd';
import { useCommandKey } from './use-hotkey';

const DATASET_PAGES = [
  { path: '', name: 'images', icon: <Images aria-hidden /> },
  { path: '/tasks', name: 'tasks', icon: <ListChecks aria-hidden /> },
  { path: '/review', name: 'review', icon: <ShieldCheck aria-hidden /> },
  { path: '/classes', name: 'classes', icon: <Tags aria-hidden /> },
  { path: '/members', name: 'members', icon: <Users aria-hidden /> },
  { path: '/exports', name: 'exports', icon: <PackageOpen aria-hidden /> },
  { path: '/activity', name: 'activity', icon: <History aria-hidden /> },
  { path: '/settings', name: 'settings', icon: <Settings aria-hidden /> },
] as const;

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
        <PaletteBody close={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function PaletteBody({ close }: { close: () => void }) {
  const t = useTranslations('palette');
  const tabs = useTranslations('dataset.tabs');
  const router = useRouter();
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const datasetId = /^\/datasets\/(\d+)/u.exec(usePathname())?.[1];
  const preferences = usePreferences();
  const datasets = useQuery({
    queryKey: [...queryKeys.datasets(q), 'palette'],
    queryFn: ({ signal }) => api('datasets.list', { query: { q: q || undefined, limit: 8 } }, { signal }),
    placeholderData: keepPreviousData,
  });
  const go = (href: string) => {
    close();
    router.push(href);
  };

  return (
    <Command label={t('title')} loop className="flex max-h-[min(28rem,70dvh)] flex-col">
      <div className="flex items-center gap-2.5 border-b px-4">
        <Search aria-hidden className="size-4.5 shrink-0 text-faint" />
        <Command.Input
          autoFocus
          value={text}
          onValueChange={setText}
          placeholder={t('placeholder')}
          className="h-12 w-full bg-transparent text-md outline-none"
        />
      </div>
      <Command.List className="overflow-y-auto p-2 [&_[cmdk-list-sizer]]:flex [&_[cmdk-list-sizer]]:flex-col [&_[cmdk-list-sizer]]:gap-1">
        <Command.Empty className="px-3 py-8 text-center text-sm text-muted">{t('nothing')}</Command.Empty>
        {datasetId ? (
          <Group heading={t('this_dataset')}>
            {DATASET_PAGES.map((page) => (
              <Item
                key={page.name}
                icon={page.icon}
                value={`tab ${page.name}`}
                keywords={[tabs(page.name)]}
                onSelect={() => go(`/datasets/${datasetId}${page.path}`)}
              >
                {tabs(page.name)}
              </Item>
            ))}
          </Group>
        ) : null}
        <Group heading={t('datasets')}>
          <Item
            icon={<LayoutGrid aria-hidden />}
            value="all datasets"
            keywords={[t('all_datasets')]}
            onSelect={() => go('/datasets')}
          >
            {t('all_datasets')}
          </Item>
          {datasets.data?.items.map((dataset) => (
            <Item
              key={dataset.id}
              icon={<Boxes aria-hidden />}
              value={`dataset ${dataset.id}`}
              keywords={[dataset.name]}
              onSelect={() => go(`/datasets/${dataset.id}`)}
            >
              {dataset.name}
            </Item>
          ))}
        </Group>
        <Group heading={t('preferences')}>
          {preferences.themes.map(({ value, label }) => (
            <Item
              key={value}
              icon={<Contrast aria-hidden />}
              value={`theme ${value}`}
              keywords={[t('theme', { name: label })]}
              onSelect={() => {
                preferences.setTheme(value);
                close();
              }}
            >
              {t('theme', { name: label })}
            </Item>
          ))}
          {preferences.locales.map(({ value, label }) => (
            <Item
              key={value}
              icon={<Languages aria-hidden />}
              value={`language ${value}`}
              keywords={[t('language', { name: label })]}
              onSelect={() => {
                preferences.setLocale(value);
                close();
              }}
            >
              {t('language', { name: label })}
            </Item>
          ))}
          <Item
            icon={<LogOut aria-hidden />}
            value="logout"
            keywords={[t('logout')]}
            onSelect={() => void preferences.logout()}
          >
            {t('logout')}
          </Item>
        </Group>
      </Command.List>
    </Command>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

function Item({
  icon,
  value,
  keywords,
  onSelect,
  children,
}: {
  icon: ReactNode;
  value: string;
  keywords: string[];
  onSelect: () => void;
  children: ReactNode;
}) {
  return (
    <Command.Item
      value={value}
      keywords={keywords}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-3 rounded-sm px-2 text-md aria-selected:bg-hover [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted"
    >
      {icon}
      <span className="truncate">{children}</span>
    </Command.Item>
  );
}
