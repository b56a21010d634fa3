/** How the images of a split are divided among tasks. */
export type SplitRule =
  /** `count` tasks, as equal in size as can be. */
  | { readonly by: 'count'; readonly count: number }
  /** Tasks of `size` images; the last has what is left. */
  | { readonly by: 'size'; readonly size: number }
  /** One task per folder of the path, cut to `depth` levels (1: the first). */
  | { readonly by: 'folder'; readonly depth: number }
  | { readonly by: 'none' };

/** Most tasks one split may make. */
export const MAX_TASKS_PER_SPLIT = 500;

export interface SplitImage {
  readonly id: number;
  readonly path: string;
}

export interface SplitOptions {
  readonly rule: SplitRule;
  /** Images are dealt as they come, or shuffled: the same seed and images give the same deal. */
  readonly shuffle_seed?: string | null | undefined;
  /** Each in turn gets the next task; nobody when empty. */
  readonly assignees: readonly string[];
}

export interface SplitPart {
  /** From 1. */
  readonly number: number;
  /** The folder this part is of; null for other rules. `` is the top. */
  readonly folder: string | null;
  readonly image_ids: readonly number[];
  readonly assignee_id: string | null;
}

/**
 * Divides images, which come in the order of their paths, into parts: every image is in exactly one, no part is empty, and the
 * same input gives the same parts.
 */
export function splitImages(
  images: readonly SplitImage[],
  { rule, shuffle_seed, assignees }: SplitOptions,
): SplitPart[] {
  const dealt = shuffle_seed == null ? images : shuffled(images, shuffle_seed);
  return groups(dealt, rule).map(({ folder, members }, index) => ({
    number: index + 1,
    folder,
    image_ids: members.map(({ id }) => id),
    assignee_id: assignees.length > 0 ? (assignees[index % assignees.length] as string) : null,
  }));
}

interface Group {
  readonly folder: string | null;
  readonly members: readonly SplitImage[];
}

function groups(images: readonly SplitImage[], rule: SplitRule): Group[] {
  if (images.length === 0) return [];
  switch (rule.by) {
    case 'none':
      return [{ folder: null, members: images }];
    case 'size':
      return chunks(images, Math.ceil(images.length / rule.size), (n) => n * rule.size);
    case 'count': {
      const count = Math.min(rule.count, images.length);
      return chunks(images, count, (n) => Math.floor((n * images.length) / count));
    }
    case 'folder': {
      const byFolder = new Map<string, SplitImage[]>();
      for (const image of images) {
        const folder = folderOf(image.path, rule.depth);
        const members = byFolder.get(folder);
        if (members) members.push(image);
        else byFolder.set(folder, [image]);
      }
      return [...byFolder]
        .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
        .map(([folder, members]) => ({ folder, members }));
    }
  }
}

function chunks(images: readonly SplitImage[], count: number, start: (n: number) => number): Group[] {
  return Array.from({ length: count }, (_, n) => ({ folder: null, members: images.slice(start(n), start(n + 1)) }));
}

/** The first `depth` folders of a path; `` for files at the top. */
export function folderOf(path: string, depth: number): string {
  return path.split('/').slice(0, -1).slice(0, depth).join('/');
}

/** Fisher and Yates, by numbers that follow from the seed alone. */
function shuffled<T>(items: readonly T[], seed: string): T[] {
  const result = [...items];
  const random = numbersOf(seed);
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/** mulberry32 over an FNV-1a hash: small, and the same in every browser and on every server. */
function numbersOf(seed: string): () => number {
  let state = 0x811c9dc5;
  for (let i = 0; i < seed.length; i++) state = Math.imul(state ^ seed.charCodeAt(i), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
