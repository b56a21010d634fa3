import type { Dataset, Version } from '@labelyard/contract';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { classQuery } from '@/features/classes/class-queries';
import { versionClassQuery, versionListQuery } from '@/features/versions/version-queries';

/** What can be exported, and what is in the one that is chosen; of a version, what was in it then. */
export function useExportSource(dataset: Dataset, version_id: number | null) {
  const { project_id } = dataset;
  const pages = useInfiniteQuery(versionListQuery(project_id)).data?.pages ?? [];
  const versions: Version[] = pages.flatMap(({ items }) => items).filter(({ status }) => status === 'published');
  const version = versions.find(({ id }) => id === version_id);
  const now = useQuery(classQuery(project_id)).data?.items ?? [];
  const then = useQuery({ ...versionClassQuery(project_id, version_id ?? 0), enabled: version_id !== null }).data;
  return {
    versions,
    task_types: version?.task_types ?? dataset.task_types,
    classes: version_id === null ? now : (then?.items ?? []),
  };
}
