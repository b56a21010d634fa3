import type { ImageFilter, LabelerTransaction } from '@labelyard/db';
import { MAX_IMAGES_CHOSEN_AT_ONCE } from '@labelyard/domain';
import type { ProjectAuth } from '../auth/auth-context.js';

/** Images of a project by their ids, or a part of what a filter shows. */
type Choice =
  | { readonly image_ids: readonly number[] }
  | { readonly filter: Omit<ImageFilter, 'sort'>; readonly cursor?: string | null | undefined };

/** The ids, and where the next part begins. */
export async function chosenImages(
  tx: LabelerTransaction,
  { project, user }: ProjectAuth,
  choice: Choice,
): Promise<{ image_ids: readonly number[]; next_cursor: string | null }> {
  if ('image_ids' in choice) return { image_ids: choice.image_ids, next_cursor: null };
  const page = { limit: MAX_IMAGES_CHOSEN_AT_ONCE, cursor: choice.cursor ?? null };
  return tx.images.next(project, ofCaller(choice.filter, user.id), page);
}

/** `me` means who asks. */
export function ofCaller<Filter extends Pick<ImageFilter, 'assignee'>>(filter: Filter, user_id: string): Filter {
  return { ...filter, assignee: filter.assignee === 'me' ? user_id : filter.assignee };
}
