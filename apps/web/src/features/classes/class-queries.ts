import type { Client } from '@labelyard/contract';
import { queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

/** All classes of a project, in their order within each task type. */
export function classQuery(projectId: number, api: Client = browserApi) {
  return queryOptions({
    queryKey: queryKeys.classes(projectId),
    queryFn: ({ signal }) => api('classes.list', { params: { project_id: projectId }, query: {} }, { signal }),
    staleTime: 60_000,
  });
}
