import { can } from '@labelyard/domain';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Boxes, Contrast, Languages, LogOut } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { api } from '@/api';
import { DATASET_PAGES } from '@/features/datasets/dataset-pages';
import { datasetQuery } from '@/features/datasets/dataset-queries';
import { meQuery } from '@/features/session/me-query';
import { usePreferences } from '@/features/session/use-preferences';
import { queryKeys } from '@/query-keys';
import { PaletteGroup, PaletteItem } from './palette';
import { ACCOUNT_PLACES, COMMON_PLACES, placesFor } from './places';

/** Every page and preference as items of a palette. `q`: what is typed; datasets are looked for by it. */
export function PalettePlaces({ q, close }: { q: string; close: () => void }) {
  const t = useTranslations('palette');
  const places = useTranslations('places');
  const router = useRouter();
  const preferences = usePreferences();
  const me = useQuery(meQuery()).data;
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
    <>
      <PagesHere go={go} />
      <PaletteGroup heading={t('places')}>
        {me
          ? [...COMMON_PLACES, ...placesFor(me, ACCOUNT_PLACES)].map(({ name, path, icon: Icon }) => (
              <PaletteItem
                key={name}
                icon={<Icon aria-hidden />}
                value={`place ${name}`}
                name={places(name)}
                onSelect={() => go(path)}
              />
            ))
          : null}
      </PaletteGroup>
      <PaletteGroup heading={t('datasets')}>
        {datasets.data?.items.map((dataset) => (
          <PaletteItem
            key={dataset.id}
            icon={<Boxes aria-hidden />}
            value={`dataset ${dataset.id}`}
            name={dataset.name}
            onSelect={() => go(`/datasets/${dataset.id}`)}
          />
        ))}
      </PaletteGroup>
      <PaletteGroup heading={t('preferences')}>
        {preferences.themes.map(({ value, label }) => (
          <PaletteItem
            key={value}
            icon={<Contrast aria-hidden />}
            value={`theme ${value}`}
            name={t('theme', { name: label })}
            onSelect={() => {
              preferences.setTheme(value);
              close();
            }}
          />
        ))}
        {preferences.locales.map(({ value, label }) => (
          <PaletteItem
            key={value}
            icon={<Languages aria-hidden />}
            value={`language ${value}`}
            name={t('language', { name: label })}
            onSelect={() => {
              preferences.setLocale(value);
              close();
            }}
          />
        ))}
        <PaletteItem
          icon={<LogOut aria-hidden />}
          value="logout"
          name={t('logout')}
          onSelect={() => void preferences.logout()}
        />
      </PaletteGroup>
    </>
  );
}

/** The pages of the dataset one is in, if in one. */
function PagesHere({ go }: { go: (href: string) => void }) {
  const t = useTranslations('palette');
  const tabs = useTranslations('dataset.tabs');
  const id = Number(/^\/datasets\/(\d+)/u.exec(usePathname())?.[1] ?? 0);
  const { data: dataset } = useQuery({ ...datasetQuery(id), enabled: id > 0 });
  if (!dataset) return null;
  return (
    <PaletteGroup heading={t('this_dataset')}>
      {DATASET_PAGES.filter(({ needs }) => can(dataset.role, needs)).map(({ name, path, icon: Icon }) => (
        <PaletteItem
          key={name}
          icon={<Icon aria-hidden />}
          value={`tab ${name}`}
          name={tabs(name)}
          onSelect={() => go(`/datasets/${id}${path}`)}
        />
      ))}
    </PaletteGroup>
  );
}
