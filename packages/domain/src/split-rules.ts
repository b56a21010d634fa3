/** Which part of training an image belongs to. */
export const SPLITS = ['train', 'val', 'test'] as const;
export type Split = (typeof SPLITS)[number];

/** Shares of images for which nobody chose a split; whole numbers, in any unit. */
export interface SplitShares {
  readonly train: number;
  readonly val: number;
  readonly test: number;
}

export const DEFAULT_SHARES: SplitShares = { train: 80, val: 20, test: 0 };

/**
 * The split of an image: as chosen, else by its path alone. It depends on nothing else of the dataset, so an image keeps its split
 * when others come and go.
 */
export function splitOf(
  image: { readonly path: string; readonly split?: Split | null },
  shares: SplitShares = DEFAULT_SHARES,
): Split {
  if (image.split) return image.split;
  const total = shares.train + shares.val + shares.test;
  if (!(total > 0)) return 'train';
  const place = (pathHash(image.path) / 2 ** 32) * total;
  if (place < shares.train) return 'train';
  return place < shares.train + shares.val ? 'val' : 'test';
}

/** FNV-1a over UTF-16 units, stirred so that similar names land far apart. 32 bits. */
export function pathHash(path: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < path.length; at++) hash = Math.imul(hash ^ path.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
