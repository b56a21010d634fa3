import type { ProjectEvent } from '@labelyard/contract';
import type { InvalidateQueryFilters } from '@tanstack/react-query';
import { queryKeys } from '@/query-keys';

/** What of the browser's cache an event makes untrue, beside single rows of image lists (see image-rows.ts). */
export function affectedQueries(
  event: ProjectEvent,
  project_id: number,
  dataset_id: number,
): readonly InvalidateQueryFilters[] {
  // The project itself, and not all that lies under its key.
  const project = { queryKey: queryKeys.project(project_id), exact: true };
  const dataset = { queryKey: queryKeys.dataset(dataset_id), exact: true };
  switch (event.type) {
    case 'image':
      return event.image_ids === null
        ? [{ queryKey: queryKeys.images(project_id) }, { queryKey: queryKeys.review(project_id) }, dataset, project]
        : [
            project,
            { queryKey: queryKeys.review(project_id) },
            ...event.image_ids.map((id) => ({ queryKey: queryKeys.image(project_id, id) })),
          ];
    case 'deletion':
      return [
        ...[queryKeys.deletedImages, queryKeys.review, queryKeys.comments, queryKeys.tasks].map((key) => ({
          queryKey: key(project_id),
        })),
        // Rows that are gone are taken out of the lists (image-rows.ts); what came back has a place in their order, and into the strip,
        // whose pages reach both ways, it is put there.
        ...(event.restored ? [{ queryKey: queryKeys.images(project_id) }] : []),
        ...event.image_ids.map((id) => ({ queryKey: queryKeys.image(project_id, id) })),
        dataset,
        project,
      ];
    case 'class':
      // The workbench keeps its own list.
      return [{ queryKey: queryKeys.classes(project_id) }, { queryKey: ['classes', project_id] }, project];
    case 'task':
      return [{ queryKey: queryKeys.tasks(project_id) }];
    case 'split':
      return [{ queryKey: queryKeys.splits(project_id) }];
    case 'comment':
      return [{ queryKey: queryKeys.comments(project_id) }];
    case 'member':
      return [{ queryKey: queryKeys.members(project_id) }, dataset];
    case 'export':
      return [{ queryKey: queryKeys.exports(project_id) }, { queryKey: queryKeys.export(event.export_id) }];
    case 'version':
      return [{ queryKey: queryKeys.published(project_id) }];
    case 'restore':
      return [{ queryKey: queryKeys.restores(project_id) }];
    case 'import':
      return [{ queryKey: queryKeys.imports(project_id) }, { queryKey: queryKeys.import(event.import_id) }];
    case 'gone':
      return event.reason === 'signed_out'
        ? [{ queryKey: queryKeys.me }]
        : [dataset, { queryKey: queryKeys.datasets() }];
    case 'resync':
      return [dataset, { queryKey: queryKeys.project(project_id) }];
    // Shown from the events themselves; one's own news are followed on every page (own-news.tsx).
    case 'lock':
    case 'presence':
    case 'maintenance':
    case 'hello':
    case 'beat':
    case 'news':
      return [];
  }
}

/** What a person's own news make untrue. */
export function affectedByNews(event: ProjectEvent): readonly InvalidateQueryFilters[] {
  const inbox = [{ queryKey: queryKeys.notifications }, { queryKey: queryKeys.myWork }];
  const invitations = [{ queryKey: queryKeys.invitations() }];
  const projects = [{ queryKey: queryKeys.datasets() }, { queryKey: queryKeys.myWork }];
  if (event.type === 'resync') return [...inbox, ...invitations, ...projects];
  if (event.type !== 'news') return [];
  return { inbox, invitations, projects }[event.about];
}
