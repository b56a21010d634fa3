import type { Client, TaskSplit } from '@labelyard/contract';
import type { TaskState } from '@labelyard/domain';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

export interface TaskFilter {
  readonly state?: TaskState;
  readonly assignee?: 'me' | 'none';
  /** Part of the name. */
  readonly q?: string;
}

/** Tasks of a project, newest first. */
export function taskListQuery(projectId: number, filter: TaskFilter = {}, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.tasks(projectId, filter),
    queryFn: ({ pageParam, signal }) =>
      api(
        'tasks.list',
        { params: { project_id: projectId }, query: { ...filter, cursor: pageParam, limit: 50 } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export function taskQuery(projectId: number, taskId: number, api: Client = browserApi) {
  return queryOptions({
    queryKey: queryKeys.task(projectId, taskId),
    queryFn: ({ signal }) => api('tasks.get', { params: { task_id: taskId } }, { signal }),
  });
}

/** Still changing by itself. */
export function isUnderWay({ status }: Pick<TaskSplit, 'status'>): boolean {
  return status === 'queued' || status === 'running';
}

/** What is under way is told by the project's events; this is for when their line is down. */
const LOOK_AGAIN_MS = 5_000;
/** Of each task type one is under way at most; older ones tell nothing that the tasks do not. */
const NEWEST = 10;

/** The newest splits of many images. */
export function splitListQuery(projectId: number, api: Client = browserApi) {
  return queryOptions({
    queryKey: queryKeys.splits(projectId),
    queryFn: ({ signal }) =>
      api('splits.list', { params: { project_id: projectId }, query: { limit: NEWEST } }, { signal }),
    refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? LOOK_AGAIN_MS : false),
  });
}

/** Open tasks of the person signed in, over all projects. */
export function myTasksQuery(api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: [...queryKeys.myWork, 'tasks'],
    queryFn: ({ pageParam, signal }) => api('me.tasks', { query: { cursor: pageParam, limit: 50 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** Images that came back from review to the person signed in. */
export function reworkQuery(api: Client = browserApi) {
  return queryOptions({
    queryKey: [...queryKeys.myWork, 'rework'],
    queryFn: ({ signal }) => api('me.rework', {}, { signal }),
  });
}
