import type { TaskType } from '@labelyard/domain';

/** Names of everything cached in the browser. A longer key lies under the shorter one and is dropped with it. */
export const queryKeys = {
  me: ['me'] as const,
  datasets: (q?: string) => (q === undefined ? (['datasets'] as const) : (['datasets', { q }] as const)),
  dataset: (id: number) => ['dataset', id] as const,
  deletionImpact: (id: number) => ['dataset', id, 'deletion_impact'] as const,
  project: (id: number) => ['project', id] as const,
  images: (projectId: number, filter?: object) =>
    filter === undefined
      ? (['project', projectId, 'images'] as const)
      : (['project', projectId, 'images', filter] as const),
  deletedImages: (projectId: number) => ['project', projectId, 'deleted_images'] as const,
  image: (projectId: number, imageId: number) => ['project', projectId, 'image', imageId] as const,
  classes: (projectId: number, taskType?: TaskType) =>
    taskType === undefined
      ? (['project', projectId, 'classes'] as const)
      : (['project', projectId, 'classes', taskType] as const),
  members: (projectId: number) => ['project', projectId, 'members'] as const,
  memberSearch: (projectId: number, filter: object) => ['project', projectId, 'members', 'search', filter] as const,
  projectInvitations: (projectId: number) => ['project', projectId, 'members', 'invitations'] as const,
  invitations: (box?: 'received' | 'sent' | 'count') =>
    box === undefined ? (['invitations'] as const) : (['invitations', box] as const),
  userSearch: (q: string) => ['users', { q }] as const,
  accounts: (filter?: object) => (filter === undefined ? (['accounts'] as const) : (['accounts', filter] as const)),
  organizations: ['organizations'] as const,
  activity: (projectId: number, filter?: object) =>
    filter === undefined
      ? (['project', projectId, 'activity'] as const)
      : (['project', projectId, 'activity', filter] as const),
  published: (projectId: number) => ['project', projectId, 'versions'] as const,
  restores: (projectId: number) => ['project', projectId, 'restores'] as const,
  moments: (projectId: number, imageId: number) => ['project', projectId, 'image', imageId, 'moments'] as const,
  pastImage: (projectId: number, imageId: number, at: string) =>
    ['project', projectId, 'image', imageId, 'as_of', at] as const,
  versions: (annotationId: number, version: number) => ['annotation', annotationId, 'versions', version] as const,
  audit: (projectId: number | null, filter: object) => ['audit', projectId, filter] as const,
  serviceTokens: (projectId: number | null) => ['service_tokens', projectId] as const,
  tasks: (projectId: number, filter?: object) =>
    filter === undefined
      ? (['project', projectId, 'tasks'] as const)
      : (['project', projectId, 'tasks', filter] as const),
  task: (projectId: number, taskId: number) => ['project', projectId, 'tasks', 'one', taskId] as const,
  splits: (projectId: number) => ['project', projectId, 'splits'] as const,
  review: (projectId: number, filter?: object) =>
    filter === undefined
      ? (['project', projectId, 'review'] as const)
      : (['project', projectId, 'review', filter] as const),
  comments: (projectId: number, filter?: object) =>
    filter === undefined
      ? (['project', projectId, 'comments'] as const)
      : (['project', projectId, 'comments', filter] as const),
  myWork: ['my_work'] as const,
  notifications: ['notifications'] as const,
  exports: (projectId: number) => ['project', projectId, 'exports'] as const,
  exportPreview: (projectId: number, request: object) => ['project', projectId, 'export_preview', request] as const,
  export: (exportId: number) => ['export', exportId] as const,
  imports: (projectId: number) => ['project', projectId, 'imports'] as const,
  /** With all that is read about it. */
  import: (importId: number, ...part: unknown[]) => ['import', importId, ...part] as const,
};
