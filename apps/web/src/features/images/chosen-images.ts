import { MAX_IMAGES_CHOSEN_AT_ONCE } from '@labelyard/domain';
import type { ImageFilter } from './image-filter';

/** Images by their ids, or all that a list with this filter shows. */
export type ChosenImages = { readonly image_ids: readonly number[] } | { readonly filter: Omit<ImageFilter, 'sort'> };

/** As much of them as one request takes. */
type Part = { image_ids: number[] } | { filter: Omit<ImageFilter, 'sort'>; cursor: string | null };

/** Sends them part by part, one after the other; `send` answers where the next part of a filter begins. */
export async function inParts(chosen: ChosenImages, send: (part: Part) => Promise<string | null>): Promise<void> {
  if ('image_ids' in chosen) {
    for (const image_ids of partsOf(chosen.image_ids)) await send({ image_ids });
    return;
  }
  let cursor: string | null = null;
  do cursor = await send({ filter: chosen.filter, cursor });
  while (cursor !== null);
}

export function partsOf(ids: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let from = 0; from < ids.length; from += MAX_IMAGES_CHOSEN_AT_ONCE)
    parts.push(ids.slice(from, from + MAX_IMAGES_CHOSEN_AT_ONCE));
  return parts;
}
