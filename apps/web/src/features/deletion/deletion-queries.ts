import type { DeletedImage, ImageDeletion, ImageRestoration } from '@labelyard/contract';
import type { HeldImages } from '@labelyard/domain';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api } from '@/api';
import { inParts, partsOf, type ChosenImages } from '@/features/images/chosen-images';
import { newUuid } from '@/new-uuid';
import { queryKeys } from '@/query-keys';

/** What deleting would take along. */
export function impactQuery(project_id: number, chosen: ChosenImages) {
  return queryOptions({
    queryKey: [...queryKeys.deletedImages(project_id), 'impact', chosen],
    queryFn: async ({ signal }) => {
      const parts = 'filter' in chosen ? [chosen] : partsOf(chosen.image_ids).map((image_ids) => ({ image_ids }));
      const told = await Promise.all(
        parts.map((body) => api('images.delete_preview', { params: { project_id }, body }, { signal })),
      );
      const sum = (field: 'images' | 'annotations' | 'comments' | 'in_tasks') =>
        told.reduce((total, part) => total + part[field], 0);
      return {
        images: sum('images'),
        annotations: sum('annotations'),
        comments: sum('comments'),
        in_tasks: sum('in_tasks'),
        versions: [...new Set(told.flatMap(({ versions }) => versions))].sort((a, b) => a - b),
        held: told.flatMap(({ held }) => held),
      };
    },
    staleTime: 0,
  });
}

/** What can be brought back, deleted last first. */
export function deletedImagesQuery(project_id: number) {
  return infiniteQueryOptions({
    queryKey: [...queryKeys.deletedImages(project_id), 'list'],
    queryFn: ({ pageParam, signal }) =>
      api('deleted_images.list', { params: { project_id }, query: { cursor: pageParam, limit: 100 } }, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
}

export type Deleted = Pick<ImageDeletion, 'deletion_id' | 'images' | 'annotations'> & { readonly left: number };

/**
 * Deletes part by part, all under one id: each part is done or not. `report` hears how many are gone. What fails half way has
 * deleted what it has; the id brings it back.
 */
export async function deleteImages(
  project_id: number,
  chosen: ChosenImages,
  held: HeldImages,
  report: (images: number) => void,
): Promise<Deleted> {
  const deletion_id = newUuid();
  const done = { deletion_id, images: 0, annotations: 0, left: 0 };
  await inParts(chosen, async (part) => {
    const answer = await api('images.delete', { params: { project_id }, body: { ...part, held, deletion_id } });
    done.images += answer.images;
    done.annotations += answer.annotations;
    done.left += answer.left.length;
    report(done.images);
    return answer.next_cursor;
  });
  return done;
}

export type Restored = Omit<ImageRestoration, 'more'>;

/** Brings images back, part by part. */
export async function restoreImages(
  project_id: number,
  wanted: { readonly deletion_id: string } | { readonly image_ids: readonly number[] },
): Promise<Restored> {
  const done = { images: 0, annotations: 0, renamed: [] as Restored['renamed'], lost: [] as Restored['lost'] };
  const send = async (body: { deletion_id: string } | { image_ids: number[] }): Promise<boolean> => {
    const answer = await api('deleted_images.restore', { params: { project_id }, body });
    done.images += answer.images;
    done.annotations += answer.annotations;
    done.renamed.push(...answer.renamed);
    done.lost.push(...answer.lost);
    return answer.more;
  };
  if ('deletion_id' in wanted) while (await send(wanted));
  else for (const image_ids of partsOf(wanted.image_ids)) await send({ image_ids });
  return done;
}

/** Images deleted in one go, that stand together in the list. */
export interface DeletionGroup {
  readonly deletion_id: string;
  readonly images: readonly DeletedImage[];
}

export function groupDeletions(images: readonly DeletedImage[]): DeletionGroup[] {
  return [...Map.groupBy(images, ({ deletion_id }) => deletion_id)].map(([deletion_id, some]) => ({
    deletion_id,
    images: some,
  }));
}
