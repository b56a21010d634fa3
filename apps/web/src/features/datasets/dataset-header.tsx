'use client';

import { can } from '@labelyard/domain';
import { useQuery } from '@tanstack/react-query';
import { ChevronLeft, PenTool, Upload } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useFormatter, useTranslations } from 'next-intl';
import { PeopleHere } from '@/features/events/people-here';
import { meQuery } from '@/features/session/me-query';
import { useUploadDialog } from '@/features/uploads/upload-center';
import { Button } from '@/ui/button';
import { Skeleton } from '@/ui/skeleton';
import { TabLinks } from '@/ui/tabs';
import { DATASET_PAGES } from './dataset-pages';
import { datasetQuery } from './dataset-queries';
import { useFileSize } from './file-size';
import { useStartLabeling } from './use-start-labeling';

/** Name, size and pages of a dataset, and the two things people come for: upload and label. */
export function DatasetHeader({ datasetId }: { datasetId: number }) {
  const t = useTranslations('dataset');
  const list = useTranslations('datasets');
  const roles = useTranslations('roles');
  const format = useFormatter();
  const fileSize = useFileSize();
  const pathname = usePathname();
  const openUpload = useUploadDialog();
  const { data: dataset } = useQuery(datasetQuery(datasetId));
  const { data: me } = useQuery(meQuery());
  const labeling = useStartLabeling(dataset);
  const base = `/datasets/${datasetId}`;

  return (
    <header className="pt-6">
      <div className="flex flex-wrap items-end gap-x-6 gap-y-4 pb-4">
        <div className="min-w-0 flex-1 basis-72">
          <nav aria-label={t('breadcrumbs')} className="mb-1 text-sm">
            <Link
              href="/datasets"
              className="inline-flex items-center gap-0.5 rounded-sm text-muted hover:text-text hover:underline"
            >
              <ChevronLeft aria-hidden className="size-3.5" />
              {list('title')}
            </Link>
          </nav>
          {dataset ? (
            <>
              <h1 className="truncate text-2xl font-semibold" title={dataset.name}>
                {dataset.name}
              </h1>
              <p className="mt-1 flex flex-wrap gap-x-2 text-sm text-muted">
                <span className="tabular">{list('image_count', { count: dataset.image_count })}</span>
                {dataset.image_count > 0 ? (
                  <>
                    <span aria-hidden>·</span>
                    <span className="tabular">{fileSize(dataset.size_bytes)}</span>
                  </>
                ) : null}
                <span aria-hidden>·</span>
                <span>{list(`visibility.${dataset.visibility}`)}</span>
                <span aria-hidden>·</span>
                <span>{t('your_role', { role: roles(dataset.role) })}</span>
                <span aria-hidden className="hidden sm:inline">
                  ·
                </span>
                <span className="hidden sm:inline">
                  {t('updated', { date: format.dateTime(new Date(dataset.updated_at), { dateStyle: 'medium' }) })}
                </span>
              </p>
            </>
          ) : (
            <>
              <Skeleton className="my-1 h-6 w-56" />
              <Skeleton className="mt-2 h-4 w-72" />
            </>
          )}
        </div>
        {dataset ? (
          <div className="flex items-center gap-2">
            {me ? <PeopleHere projectId={dataset.project_id} me={me.id} className="mr-2" /> : null}
            {can(dataset.role, 'image.upload') ? (
              <Button icon={<Upload aria-hidden />} onClick={() => openUpload(dataset)}>
                {t('upload')}
              </Button>
            ) : null}
            {dataset.image_count > 0 ? (
              <Button
                variant="primary"
                icon={<PenTool aria-hidden />}
                busy={labeling.isPending}
                onClick={() => labeling.mutate()}
              >
                {t(can(dataset.role, 'annotation.create') ? 'start_labeling' : 'browse')}
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
      <TabLinks
        label={t('pages')}
        className="-mx-4 px-4 sm:mx-0 sm:px-0"
        tabs={DATASET_PAGES.filter((tab) => !dataset || can(dataset.role, tab.needs)).map((tab) => ({
          href: base + tab.path,
          label: t(`tabs.${tab.name}`),
          current: pathname === base + tab.path,
          count: tab.name === 'images' && dataset ? format.number(dataset.image_count) : undefined,
        }))}
      />
    </header>
  );
}
