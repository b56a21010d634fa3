import type { TaskType } from '@labelyard/domain';

/** What the workbench walks through: one task's images, or what waits for a reviewer. */
export interface Walk {
  readonly task_id: number | null;
  readonly review: boolean;
}

export const NO_WALK: Walk = { task_id: null, review: false };

/** Reads the walk out of an address. */
export function readWalk(search: URLSearchParams): Walk {
  const id = Number(search.get('task_id'));
  return { task_id: Number.isSafeInteger(id) && id > 0 ? id : null, review: search.get('review') === '1' };
}

/** Writes it into the query of the workbench's address. */
export function writeWalk(search: URLSearchParams, { task_id, review }: Walk): URLSearchParams {
  const next = new URLSearchParams(search);
  if (task_id === null) next.delete('task_id');
  else next.set('task_id', String(task_id));
  if (review) next.set('review', '1');
  else next.delete('review');
  return next;
}

/** The workbench on an image, walking through a task or the review queue. */
export function walkPath(
  datasetId: number,
  task: TaskType,
  { image_id, ...walk }: Partial<Walk> & { readonly image_id?: number | null },
): string {
  const search = new URLSearchParams({ task });
  if (image_id) search.set('image', String(image_id));
  return `/datasets/${datasetId}/label?${writeWalk(search, { ...NO_WALK, ...walk })}`;
}
