import { endpointUrl, type Client } from '@labelyard/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { api as browserApi } from '@/api';
import { queryKeys } from '@/query-keys';

export type ActivityAction =
  'create' | 'update' | 'delete' | 'confirm' | 'unconfirm' | 'verify' | 'reject' | 'administration';

/** What the feed is narrowed to. */
export interface ActivityFilter {
  readonly user_id?: string;
  readonly image_id?: number;
  readonly class_id?: number;
  readonly action?: ActivityAction;
  readonly since?: string;
}

/** What happened in a project, newest first, page by page. */
export function activityQuery(projectId: number, filter: ActivityFilter = {}, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.activity(projectId, filter),
    queryFn: ({ pageParam, signal }) =>
      api(
        'projects.history',
        { params: { project_id: projectId }, query: { ...filter, cursor: pageParam } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** Versions of one annotation, newest first. */
export function versionsQuery(annotationId: number, version: number) {
  return infiniteQueryOptions({
    // The version is part of the name: an edit makes the list another one.
    queryKey: queryKeys.versions(annotationId, version),
    queryFn: ({ pageParam, signal }) =>
      browserApi(
        'annotations.history',
        { params: { annotation_id: annotationId }, query: { cursor: pageParam, limit: 20 } },
        { signal },
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

/** What the audit log is narrowed to. */
export interface AuditFilter {
  readonly actor_id?: string;
  readonly action?: string;
  readonly outcome?: 'done' | 'denied';
  readonly since?: string;
}

/**
 * The audit log of a project, or with null of the whole installation. It stands still while somebody reads it: newer entries, which
 * would push the others down, come when they are asked for.
 */
export function auditQuery(projectId: number | null, filter: AuditFilter, api: Client = browserApi) {
  return infiniteQueryOptions({
    queryKey: queryKeys.audit(projectId, filter),
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, cursor: pageParam };
      return projectId === null
        ? api('admin.audit', { query }, { signal })
        : api('projects.audit', { params: { project_id: projectId }, query }, { signal });
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Where the same is downloaded. */
export function auditFileUrl(projectId: number | null, filter: AuditFilter, format: 'csv' | 'jsonl'): string {
  const query = { ...filter, format };
  return projectId === null
    ? endpointUrl('admin.audit_export', {}, query)
    : endpointUrl('projects.audit_export', { project_id: projectId }, query);
}
