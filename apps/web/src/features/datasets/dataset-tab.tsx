'use client';

import type { Dataset } from '@labelyard/contract';
import { useQuery } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { useErrorText } from '@/error-text';
import { isShutOut, ShutOut } from '@/features/members/shut-out';
import { ClassList } from '@/features/classes/class-list';
import { usePageHydrated } from '@/features/events/page-hydration';
import { ExportList } from '@/features/exports/export-list';
import { ImportTab } from '@/features/imports/import-tab';
import { ActivityFeed } from '@/features/history/activity-feed';
import { ImageGrid } from '@/features/images/image-grid';
import { MemberList } from '@/features/members/member-list';
import { ReviewTab } from '@/features/review/review-tab';
import { TaskList } from '@/features/tasks/task-list';
import { VersionList } from '@/features/versions/version-list';
import { ErrorState } from '@/ui/states';
import { ListSkeleton } from '@/ui/skeleton';
import type { DatasetPageName } from './dataset-pages';
import { datasetQuery } from './dataset-queries';
import { DatasetSettings } from './dataset-settings';

const TABS = {
  images: ImageGrid,
  tasks: TaskList,
  review: ReviewTab,
  classes: ClassList,
  members: MemberList,
  imports: ImportTab,
  exports: ExportList,
  versions: VersionList,
  activity: ActivityFeed,
  settings: DatasetSettings,
} satisfies Record<DatasetPageName, ComponentType<{ dataset: Dataset }>>;

/** One page of a dataset, with the newest known state of it. */
export function DatasetTab({ datasetId, tab }: { datasetId: number; tab: DatasetPageName }) {
  usePageHydrated();
  const errorText = useErrorText();
  const query = useQuery(datasetQuery(datasetId));
  const Tab = TABS[tab];
  if (isShutOut(query.error)) return <ShutOut />;
  if (query.data) return <Tab dataset={query.data} />;
  if (query.isError) return <ErrorState {...errorText(query.error)} onRetry={() => void query.refetch()} />;
  return <ListSkeleton />;
}
